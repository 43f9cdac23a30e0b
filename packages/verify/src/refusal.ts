/** Why a token is not taken: codes of the API (docs/integrate.md says what to do about each), their status, and a title in English. */
const REFUSALS = {
  TOKEN_MISSING: [401, 'There is no access token'],
  TOKEN_INVALID: [401, 'The access token is not valid'],
  TOKEN_EXPIRED: [401, 'The access token has expired'],
  SESSION_ENDED: [401, 'The session has ended'],
  SECOND_FACTOR_REQUIRED: [403, 'A second step is needed'],
  FORBIDDEN: [403, 'This role may not do this'],
  SERVICE_UNAVAILABLE: [503, 'Whether the session lives is not known right now']
} as const

export type RefusalCode = keyof typeof REFUSALS

/** Thrown for a token that is not to be trusted. */
export class TokenRefused extends Error {
  readonly code: RefusalCode
  /** For an HTTP answer. */
  readonly statusCode: number

  constructor (code: RefusalCode, options?: ErrorOptions) {
    // Nobody reads where an expected answer comes from.
    const { stackTraceLimit } = Error
    Error.stackTraceLimit = 0
    super(REFUSALS[code][1], options)
    Error.stackTraceLimit = stackTraceLimit
    this.name = 'TokenRefused'
    this.code = code
    this.statusCode = REFUSALS[code][0]
  }
}

export interface ProblemAnswer { status: number, headers: Record<string, string>, body: string }

/** A refusal as HTTP answers it (RFC 9457, RFC 6750). */
export function problemAnswer ({ code, statusCode: status, message: title }: TokenRefused): ProblemAnswer {
  const headers: Record<string, string> = { 'content-type': 'application/problem+json; charset=utf-8', 'cache-control': 'no-store' }
  if (status === 401) headers['www-authenticate'] = code === 'TOKEN_MISSING' ? 'Bearer' : 'Bearer error="invalid_token"'
  if (status === 503) headers['retry-after'] = '1'
  const type = `urn:dvokrok:problem:${code.toLowerCase().replaceAll('_', '-')}`
  return { status, headers, body: JSON.stringify({ type, title, status, code }) }
}

/** The token of an `Authorization: Bearer` header. @throws TokenRefused TOKEN_MISSING */
export function bearerOf (authorization: string | undefined): string {
  const token = /^Bearer ([\w.~+/=-]+)$/i.exec(authorization ?? '')?.[1]
  if (token === undefined) throw new TokenRefused('TOKEN_MISSING')
  return token
}
