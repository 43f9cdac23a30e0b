import type { components } from './schema.d.ts'

export type Problem = components['schemas']['Problem']
/** What a browser says of a passkey: declined or timed out; the authenticator has one already; it cannot do it here. */
type PasskeyCode = 'PASSKEY_CANCELLED' | 'PASSKEY_EXISTS' | 'PASSKEY_UNSUPPORTED'

/** Every code of the OpenAPI document, `NETWORK` if no response arrived, and `HTTPS_NEEDED` where the browser withholds WebCrypto. */
export type ProblemCode = Problem['code'] | PasskeyCode | 'NETWORK' | 'HTTPS_NEEDED'

/** An error response, or no response at all. */
export class ApiProblem extends Error {
  readonly code: ProblemCode
  readonly status: number
  readonly details: Partial<Problem>
  /** Earliest time for a retry, in milliseconds since the epoch; 0 if the server named none. */
  readonly retryAt: number

  constructor (code: ProblemCode, status = 0, details: Partial<Problem> = {}) {
    super(details.detail ?? code)
    this.name = 'ApiProblem'
    this.code = code
    this.status = status
    this.details = details
    this.retryAt = details.retryAfterSeconds === undefined ? 0 : Date.now() + details.retryAfterSeconds * 1000
  }

  /** The server's message about one field, such as `/email`. */
  fieldError (path: string): string | undefined {
    return this.details.errors?.find((error) => error.path === path)?.message
  }

  /** Nothing was decided: the same request may be repeated later. */
  get isTransient (): boolean {
    return this.code === 'NETWORK' || this.code === 'TOO_MANY_REQUESTS' || this.code === 'RESEND_TOO_EARLY' || this.status >= 500
  }
}

/** Reads the problem of an error response. A proxy in between may answer with anything, so the body need not be a problem. */
export async function problemOf (response: Response): Promise<ApiProblem> {
  const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN)
  const waits = Number.isFinite(retryAfter) ? { retryAfterSeconds: retryAfter } : {}
  const isProblemJson = response.headers.get('content-type')?.startsWith('application/problem+json') ?? false
  const body: unknown = isProblemJson ? await response.json().catch(() => null) : null
  if (isProblem(body)) return new ApiProblem(body.code, response.status, { ...waits, ...body })
  const code = response.status === 429 ? 'TOO_MANY_REQUESTS' : response.status >= 502 ? 'SERVICE_UNAVAILABLE' : 'INTERNAL'
  return new ApiProblem(code, response.status, waits)
}

const isProblem = (body: unknown): body is Problem => typeof body === 'object' && body !== null && 'code' in body
