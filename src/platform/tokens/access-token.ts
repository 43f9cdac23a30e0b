import { Problem } from '../../errors.ts'
import { now } from '../clock.ts'

/** Claims of an access token (RFC 7519, RFC 9068). `2fa` says that a second factor was given in this session, `amr` how (RFC 8176). */
export interface AccessClaims {
  iss: string
  aud: string
  sub: string
  sid: string
  /** RFC 9068 asks for it: the issuer is its only client. */
  client_id: string
  jti: string
  iat: number
  exp: number
  auth_time: number
  amr: string[]
  '2fa': boolean
  /** Where TOKEN_CLAIMS asks for them: what the account had when the token was made. */
  roles?: string[]
  claims?: Record<string, unknown>
}

/** Claims of a pending token: proof that a first step was made, good for finishing that one attempt and nothing else. */
export interface PendingClaims {
  iss: string
  aud: string
  cid: string
  purpose: string
  /** The way to finish that the challenge offered first. */
  method: string
  jti: string
  iat: number
  exp: number
  '2fa': false
}

/** Clocks of nodes may differ by this much. */
export const LEEWAY_MS = 5000

export const ACCESS_TYP = 'at+jwt'
export const PENDING_TYP = 'pending+jwt'

/** Pending tokens are for ourselves, so that no other service takes one for an access token. */
export const pendingAudience = (issuer: string): string => `${issuer}/pending`

/** Signs and verifies JWTs with our keys; which key is chosen by type and key id. */
export interface Jwt {
  /** @throws Error when there is no such key */
  signer: (typ: string, kid: string) => (claims: object) => string
  /** The claims of a token of this type that one of our keys signed. @throws Problem TOKEN_INVALID, TOKEN_EXPIRED */
  verify: <Claims extends { iat: number, exp: number }>(token: string, typ: string) => Claims
}

/** What signs and verifies with one key; @fastify/jwt has one for each namespace. */
interface KeyedJwt {
  sign: (claims: object) => string
  verify: <Claims extends object>(token: string) => Claims
}

/** `byName` has the keys by `typ kid`. */
export function createJwt (byName: Readonly<Record<string, KeyedJwt>>): Jwt {
  const keyed = new Map(Object.entries(byName))
  return {
    signer: (typ, kid) => {
      const found = keyed.get(`${typ} ${kid}`)
      if (!found) throw new Error('There is no key to sign with.')
      return (claims) => found.sign(claims)
    },
    verify: <Claims extends { iat: number, exp: number }> (token: string, typ: string): Claims => {
      const header = readHeader(token)
      const verifier = header?.typ === typ ? keyed.get(`${typ} ${header.kid}`) : undefined
      if (!verifier) throw new Problem('TOKEN_INVALID')
      let claims: Claims
      try {
        claims = verifier.verify<Claims>(token)
      } catch (error) {
        throw new Problem(isExpired(error) ? 'TOKEN_EXPIRED' : 'TOKEN_INVALID')
      }
      const { exp, iat } = claims
      if (typeof exp !== 'number' || typeof iat !== 'number' || iat * 1000 > now() + LEEWAY_MS) throw new Problem('TOKEN_INVALID')
      return claims
    }
  }
}

interface Header { alg: string, typ: string, kid: string }

/** The last headers that were read: there are as many as keys, unless somebody tries others. */
const known = new Map<string, Header | null>()
const MOST_KNOWN = 32
const LONGEST_KNOWN = 128

/** The header of a JWT when it is an object with `alg`, `typ` and `kid` as text and no `crit`, else null. Nothing in it is believed yet. */
export function readHeader (token: string): Header | null {
  const text = token.slice(0, token.indexOf('.'))
  const remembered = known.get(text)
  if (remembered !== undefined) return remembered
  const header = parseHeader(text)
  if (known.size >= MOST_KNOWN) known.clear()
  if (text.length <= LONGEST_KNOWN) known.set(text, header)
  return header
}

function parseHeader (text: string): Header | null {
  try {
    const header: unknown = JSON.parse(Buffer.from(text, 'base64url').toString())
    if (typeof header !== 'object' || header === null || 'crit' in header) return null
    const { alg, typ, kid }: { alg?: unknown, typ?: unknown, kid?: unknown } = header
    return typeof alg === 'string' && typeof typ === 'string' && typeof kid === 'string' ? { alg, typ, kid } : null
  } catch {
    return null
  }
}

function isExpired (error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'FAST_JWT_EXPIRED'
}
