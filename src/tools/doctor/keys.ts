import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { readSigningKeys } from '../../platform/tokens/signing-keys.ts'
import { now } from '../../platform/clock.ts'
import type { Config } from '../../platform/config/config.ts'
import type { ReceiverView } from '../../records/events/receivers-store.ts'
import type { ListedServiceKey } from '../../records/service-keys/service-keys-store.ts'
import { fail, failIfAny, type Finding, pass, reasonOf, unchecked, warn } from './finding.ts'
import { type Answer, fieldsOf, objectsIn } from './http.ts'

/** What the settings say and probably do not mean: the same as the server warns of at its start. */
export const judgeSettings = (warnings: readonly string[]): Finding => warnings.length === 0
  ? pass('settings.warnings', 'The settings contain nothing that is probably a mistake.')
  : warn('settings.warnings', warnings.join(' '), 'Do what each sentence says; dvokrok check-config shows them one by one.')

type PublicJwk = Record<string, unknown>

export interface FileFacts { path: string, ageDays: number, mode: number }

export interface KeyFacts {
  /** The public parts of the keys in the file here; or why it could not be read. */
  signing: { keys: PublicJwk[], file: FileFacts } | { reason: string }
  /** Null when SECRET is a variable, whose age nobody can tell. */
  secret: FileFacts | null
}

const DAY_MS = 86_400_000
const MONTH_DAYS = 30
const YEAR_DAYS = 365

const timeAgo = (days: number): string => days === 0 ? 'today' : `${days} ${days === 1 ? 'day' : 'days'} ago`

export function lookAtKeys ({ signingKeysPath, secret, dataDir }: Config): KeyFacts {
  const path = signingKeysPath ?? join(dataDir, 'signing-keys.json')
  try {
    const keys = readSigningKeys(readFileSync(path, 'utf8')).map(({ publicJwk }) => ({ ...publicJwk }))
    return { signing: { keys, file: lookAtFile(path) }, secret: secret === null ? lookAtFile(join(dataDir, 'secret')) : null }
  } catch (error) {
    return { signing: { reason: reasonOf(error) }, secret: null }
  }
}

function lookAtFile (path: string): FileFacts {
  const { mtimeMs, mode } = statSync(path)
  return { path, ageDays: Math.max(0, Math.floor((now() - mtimeMs) / DAY_MS)), mode: mode & 0o777 }
}

function publishedKeys (jwks: Pick<Answer, 'text'>): PublicJwk[] {
  return objectsIn(fieldsOf(jwks)['keys'])
}

const isOfOurKind = ({ kty, crv, alg }: PublicJwk): boolean =>
  (kty === 'OKP' && crv === 'Ed25519' && alg === 'EdDSA') || (kty === 'EC' && crv === 'P-256' && alg === 'ES256')

export function judgePublished (jwks: Pick<Answer, 'status' | 'text'>): Finding {
  const keys = publishedKeys(jwks)
  const kids = keys.map(({ kid }) => kid)
  if (keys.some(({ d, k }) => d !== undefined || k !== undefined)) {
    return fail('keys.published', 'PRIVATE parts of signing keys are published: anybody can make tokens.',
      'Take the server off the net, make new SIGNING_KEYS, remove the old ones, and end all sessions.')
  }
  return failIfAny('keys.published', [
    ...(jwks.status === 200 && keys.length > 0 ? [] : [`/.well-known/jwks.json answers ${jwks.status} with ${keys.length} keys`]),
    ...(keys.every(isOfOurKind) ? [] : ['a key is neither Ed25519 (EdDSA) nor P-256 (ES256)']),
    ...(new Set(kids).size === kids.length ? [] : ['two keys share a kid'])
  ],
  `Other services can verify tokens with ${keys.map(({ kid, alg }) => `${String(kid)} (${String(alg)})`).join(', ')}.`,
  'Make the proxy pass /.well-known/ to the server, and check SIGNING_KEYS.')
}

export function judgeKeys ({ signing, secret }: KeyFacts, jwks: Pick<Answer, 'text'>): Finding[] {
  return [...judgeSigning(signing, publishedKeys(jwks)), judgeSecret(secret)]
}

const identityOf = ({ kid, alg, x, y }: PublicJwk): string => JSON.stringify([kid, alg, x, y])

function judgeSigning (signing: KeyFacts['signing'], published: PublicJwk[]): Finding[] {
  if ('reason' in signing) {
    const checks = ['keys.matching', 'keys.age', 'keys.file'] as const
    return checks.map((check) => unchecked(check, `SIGNING_KEYS cannot be read here: ${signing.reason}.`))
  }
  const { keys, file } = signing
  const served = new Set(published.map(identityOf))
  const isSame = keys.length === served.size && keys.every((key) => served.has(identityOf(key)))
  return [
    isSame
      ? pass('keys.matching', 'The server publishes the keys of the file here.')
      : fail('keys.matching', 'The server publishes other keys than those of the file here.',
        'Restart the servers that still run with the old file; all need the same.'),
    file.ageDays > YEAR_DAYS
      ? warn('keys.age', `SIGNING_KEYS was last changed ${timeAgo(file.ageDays)}.`,
        'Change the signing key once a year, and whenever somebody leaves who could read it: npm run keys:new -- --add FILE')
      : pass('keys.age', `SIGNING_KEYS was last changed ${timeAgo(file.ageDays)}.`),
    (file.mode & 0o007) === 0
      ? pass('keys.file', 'Other users of this machine cannot read the signing keys.')
      : fail('keys.file', `Any user of this machine can open ${file.path} (mode ${file.mode.toString(8)}).`,
        `chmod 600 ${file.path}, and change the keys if others had access to this machine.`)
  ]
}

/** A key that nobody uses is one that nobody would miss, and one that nobody changed may have been copied long ago. */
/** `receivers`: of webhooks, by host; null when none was sent to yet. */
export function judgeWebhooks (receivers: Array<{ host: string, state: ReceiverView | null }>): Finding {
  const since = (at: number): string => new Date(at).toISOString()
  const problems = receivers.flatMap(({ host, state }) => {
    if (!state) return []
    if (state.pausedAt > 0) return [`${host} answered 410 and is paused since ${since(state.pausedAt)}`]
    return state.failingSince > 0 ? [`${host} has taken nothing since ${since(state.failingSince)}`] : []
  })
  if (problems.length > 0) {
    return warn('redis.webhooks', `Receivers of events: ${problems.join('; ')}.`,
      'Mend the receiver, or take it out of EVENTS_WEBHOOK_URL. A paused one is tried again when a server starts.')
  }
  const hosts = receivers.map(({ host }) => host).join(', ')
  return pass('redis.webhooks', hosts === '' ? 'No webhooks are sent.' : `Webhooks reach ${hosts}.`)
}

export function judgeServiceKeys (keys: ListedServiceKey[]): Finding {
  const ageDays = (at: number): number => (now() - at) / DAY_MS
  const unused = keys.filter(({ createdAt, lastUsedAt }) => ageDays(lastUsedAt ?? createdAt) > MONTH_DAYS)
  const old = keys.filter((key) => ageDays(key.createdAt) > YEAR_DAYS && !unused.includes(key))
  const named = (found: ListedServiceKey[]): string => found.map(({ id, name }) => `${name} (${id})`).join(', ')
  const problems = [
    ...(unused.length > 0 ? [`not used for ${MONTH_DAYS} days: ${named(unused)}`] : []),
    ...(old.length > 0 ? [`older than a year: ${named(old)}`] : [])
  ]
  if (problems.length > 0) {
    return warn('redis.service-keys', `Service keys ${problems.join('; ')}.`,
      'Remove what nobody uses, change what is old: dvokrok service-key list, add and remove.')
  }
  return pass('redis.service-keys', keys.length === 0 ? 'There are no service keys.' : `Service keys in use: ${named(keys)}.`)
}

function judgeSecret (secret: KeyFacts['secret']): Finding {
  if (!secret) {
    return unchecked('secret.age', 'SECRET is a variable, so its age is unknown.',
      'Note when you last changed it, and change it once a year.')
  }
  if (secret.ageDays <= YEAR_DAYS) return pass('secret.age', `The secret was made ${timeAgo(secret.ageDays)}.`)
  return warn('secret.age', `The secret was made ${timeAgo(secret.ageDays)}.`,
    'Change it; docs/operations.md explains how to do that without signing anybody out.')
}
