import { createPublicKey } from 'node:crypto'
import { createVerifier } from 'fast-jwt'
import { type Claims, isRecord, readClaims } from './claims.ts'
import { TokenRefused } from './refusal.ts'

/** The server says how long its key set is good. */
const FRESH_MS = 300_000
/** How long a key that the server does not have is not asked for again. */
const MISSING_MS = 30_000
/** Strangers can name as many keys as they like: so many of them are looked for at once, and then one in each of these periods. */
const MOST_LOOKS = 5
const LOOK_MS = 10_000
const TIMEOUT_MS = 5_000
const LEEWAY_SECONDS = 5
const MOST_MISSING = 1000
const MOST_HEADERS = 32
const LONGEST_HEADER = 256

const ALGORITHMS = { Ed25519: 'EdDSA', 'P-256': 'ES256' } as const

type Check = (token: string) => unknown

interface Header { alg: string, kid: string }

export interface Keys {
  /** The claims of a token that the server signed for this audience. @throws TokenRefused */
  verify: (token: string) => Promise<Claims>
}

interface Options {
  issuer: string
  audience: string
  /** A key is gone: what it signed is worth nothing any more. */
  onRemoved: () => void
  onError: (error: unknown) => void
}

/** The server's key set, asked for once and again when it is old or lacks a key. */
export function createKeys ({ issuer, audience, onRemoved, onError }: Options): Keys {
  const url = `${issuer}/.well-known/jwks.json`
  const headers = new Map<string, Header | null>()
  let checks = new Map<string, Check>()
  let askedAt = -Infinity
  let asking: Promise<void> | null = null
  /** Names of keys that were not there, and until when they are not asked for. */
  const missing = new Map<string, number>()
  let looks = { left: MOST_LOOKS, at: performance.now() }

  const makeCheck = ({ kty, crv, x, y }: Record<string, unknown>): [string, Check] | null => {
    const algorithm = crv === 'Ed25519' || crv === 'P-256' ? ALGORITHMS[crv] : undefined
    if (algorithm === undefined || typeof x !== 'string') return null
    const jwk = { kty: String(kty), crv: String(crv), x, ...(typeof y === 'string' ? { y } : {}) }
    const key = createPublicKey({ key: jwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' }).toString()
    const check: Check = createVerifier({
      key, algorithms: [algorithm], checkTyp: 'at+jwt', allowedIss: issuer, allowedAud: audience, clockTolerance: LEEWAY_SECONDS * 1000
    })
    return [algorithm, check]
  }

  async function ask (): Promise<void> {
    askedAt = performance.now()
    const answer = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) })
    const body: unknown = await answer.json()
    const set = isRecord(body) ? body['keys'] : undefined
    if (!answer.ok || !Array.isArray(set)) throw new Error(`${url} answers ${answer.status} without keys`)
    const found = new Map<string, Check>()
    for (const jwk of set.filter(isRecord)) {
      const made = typeof jwk['kid'] === 'string' ? makeCheck(jwk) : null
      if (made) found.set(`${made[0]} ${String(jwk['kid'])}`, made[1])
    }
    const isOneGone = [...checks.keys()].some((name) => !found.has(name))
    checks = found
    if (isOneGone) onRemoved()
  }

  const askOnce = async (): Promise<void> => {
    asking ??= ask().finally(() => { asking = null })
    await asking
  }

  async function checkFor (header: Header): Promise<Check> {
    const name = `${header.alg} ${header.kid}`
    if (checks.size === 0 || (!checks.has(name) && (asking || mayLookFor(name)))) {
      await askOnce().catch((error: unknown) => {
        onError(error)
        if (checks.size === 0) throw new TokenRefused('SERVICE_UNAVAILABLE', { cause: error })
      })
    // Nobody waits for a set that is only old.
    } else if (performance.now() - askedAt > FRESH_MS) askOnce().catch(onError)
    const check = checks.get(name)
    if (check) return check
    if (missing.size >= MOST_MISSING) missing.clear()
    if (!missing.has(name)) missing.set(name, performance.now() + MISSING_MS)
    throw new TokenRefused('TOKEN_INVALID')
  }

  function mayLookFor (name: string): boolean {
    const at = performance.now()
    const until = missing.get(name)
    if (until !== undefined && at < until) return false
    missing.delete(name)
    const left = Math.min(MOST_LOOKS, looks.left + (at - looks.at) / LOOK_MS)
    looks = { left: left < 1 ? left : left - 1, at }
    return left >= 1
  }

  function headerOf (token: string): Header | null {
    const text = token.slice(0, token.indexOf('.'))
    const known = headers.get(text)
    if (known !== undefined) return known
    const header = parseHeader(text)
    if (headers.size >= MOST_HEADERS) headers.clear()
    if (text.length <= LONGEST_HEADER) headers.set(text, header)
    return header
  }

  return {
    verify: async (token) => {
      const header = headerOf(token)
      if (!header) throw new TokenRefused('TOKEN_INVALID')
      const isKnown = checks.has(`${header.alg} ${header.kid}`) && performance.now() - askedAt <= FRESH_MS
      const check = isKnown ? checks.get(`${header.alg} ${header.kid}`) : undefined
      try {
        const claims = readClaims((check ?? await checkFor(header))(token), Date.now() / 1000, LEEWAY_SECONDS)
        if (claims) return claims
      } catch (error) {
        if (error instanceof TokenRefused) throw error
        const isExpired = isRecord(error) && error['code'] === 'FAST_JWT_EXPIRED'
        throw new TokenRefused(isExpired ? 'TOKEN_EXPIRED' : 'TOKEN_INVALID', { cause: error })
      }
      throw new TokenRefused('TOKEN_INVALID')
    }
  }
}

function parseHeader (text: string): Header | null {
  try {
    const header: unknown = JSON.parse(Buffer.from(text, 'base64url').toString())
    if (!isRecord(header) || 'crit' in header) return null
    const { alg, typ, kid } = header
    return typeof alg === 'string' && typeof kid === 'string' && typ === 'at+jwt' ? { alg, kid } : null
  } catch {
    return null
  }
}
