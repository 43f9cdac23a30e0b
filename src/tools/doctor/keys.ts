import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { readSigningKeys } from '../../platform/tokens/signing-keys.ts'
import { now } from '../../platform/clock.ts'
import type { Config } from '../../platform/config/config.ts'
import { fail, failIfAny, type Finding, pass, reasonOf, unchecked, warn } from './finding.ts'
import { type Answer, fieldsOf } from './http.ts'

export interface FileFacts { path: string, ageDays: number, mode: number }

export interface KeyFacts {
  /** Key ids of our own file, the signing one first; or why it could not be read. */
  signing: { kids: string[], file: FileFacts } | { reason: string }
  /** null: SECRET came as a variable, and nobody knows since when. */
  secret: FileFacts | null
}

const YEAR_DAYS = 365

const told = (days: number): string => days === 0 ? 'today' : `${days} ${days === 1 ? 'day' : 'days'} ago`

export function lookAtKeys ({ signingKeysPath, secret, dataDir }: Config): KeyFacts {
  const path = signingKeysPath ?? join(dataDir, 'signing-keys.json')
  try {
    const kids = readSigningKeys(readFileSync(path, 'utf8')).map(({ kid }) => kid)
    return { signing: { kids, file: lookAtFile(path) }, secret: secret === null ? lookAtFile(join(dataDir, 'secret')) : null }
  } catch (error) {
    return { signing: { reason: reasonOf(error) }, secret: null }
  }
}

function lookAtFile (path: string): FileFacts {
  const { mtimeMs, mode } = statSync(path)
  return { path, ageDays: Math.max(0, Math.floor((now() - mtimeMs) / 86_400_000)), mode: mode & 0o777 }
}

const publishedKeys = (jwks: Pick<Answer, 'text'>): Array<Record<string, unknown>> => {
  const { keys } = fieldsOf(jwks)
  return Array.isArray(keys) ? keys.filter((key) => typeof key === 'object' && key !== null) : []
}

export function judgePublished (jwks: Pick<Answer, 'status' | 'text'>): Finding {
  const keys = publishedKeys(jwks)
  const kids = keys.map(({ kid }) => kid)
  if (keys.some(({ d, k }) => d !== undefined || k !== undefined)) {
    return fail('keys.published', 'PRIVATE parts of signing keys are published: anybody can make tokens.', 'Take the server off the net, make new SIGNING_KEYS, drop the old ones, and end all sessions.')
  }
  return failIfAny('keys.published', [
    ...(jwks.status === 200 && keys.length > 0 ? [] : [`/.well-known/jwks.json answers ${jwks.status} with ${keys.length} keys`]),
    ...(keys.every(({ kty, crv, alg }) => kty === 'OKP' && crv === 'Ed25519' && alg === 'EdDSA') ? [] : ['a key is not Ed25519']),
    ...(new Set(kids).size === kids.length ? [] : ['two keys share a kid'])
  ], `Published for others: ${keys.length} Ed25519 ${keys.length === 1 ? 'key' : 'keys'}.`, 'Let the proxy pass /.well-known/ on to the server, and look at SIGNING_KEYS.')
}

export function judgeKeys ({ signing, secret }: KeyFacts, jwks: Pick<Answer, 'text'>): Finding[] {
  return [...judgeSigning(signing, publishedKeys(jwks).map(({ kid }) => String(kid))), judgeSecret(secret)]
}

function judgeSigning (signing: KeyFacts['signing'], published: string[]): Finding[] {
  if ('reason' in signing) return (['keys.matching', 'keys.age', 'keys.file'] as const).map((check) => unchecked(check, `SIGNING_KEYS cannot be read here: ${signing.reason}.`))
  const { kids, file } = signing
  const isSame = kids.length === published.length && kids.every((kid) => published.includes(kid))
  return [
    isSame
      ? pass('keys.matching', 'The server publishes the keys of the file here.')
      : fail('keys.matching', 'The server publishes other keys than the file here.', 'Restart the servers that still run with the old file; all need the same.'),
    file.ageDays > YEAR_DAYS
      ? warn('keys.age', `SIGNING_KEYS was last changed ${told(file.ageDays)}.`, 'Change the signing key once a year, and whenever somebody leaves who could read it.')
      : pass('keys.age', `SIGNING_KEYS was last changed ${told(file.ageDays)}.`),
    (file.mode & 0o007) === 0
      ? pass('keys.file', 'Other users of this machine cannot read the signing keys.')
      : fail('keys.file', `Any user of this machine can open ${file.path} (mode ${file.mode.toString(8)}).`, `chmod 600 ${file.path}, then change the keys if strangers were here.`)
  ]
}

function judgeSecret (secret: KeyFacts['secret']): Finding {
  if (!secret) return unchecked('secret.age', 'SECRET comes as a variable, which has no date.', 'Write down when you changed it last; once a year is a good habit.')
  if (secret.ageDays > YEAR_DAYS) return warn('secret.age', `The secret was made ${told(secret.ageDays)}.`, 'Change it; docs/operations.md says how without signing anybody out.')
  return pass('secret.age', `The secret was made ${told(secret.ageDays)}.`)
}
