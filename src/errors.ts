/** Every refusal of the API: its stable code and its HTTP status. Sentences may change, codes never do. */
export const PROBLEMS = {
  VALIDATION_FAILED: 400,
  OTP_INVALID: 400,
  OTP_EXPIRED: 400,
  PASSWORD_WEAK: 400,
  PASSKEY_INVALID: 400,
  CREDENTIALS_INVALID: 401,
  TOKEN_MISSING: 401,
  TOKEN_INVALID: 401,
  TOKEN_EXPIRED: 401,
  CHALLENGE_INVALID: 401,
  REFRESH_TOKEN_INVALID: 401,
  REFRESH_TOKEN_REUSED: 401,
  SESSION_ENDED: 401,
  SECOND_FACTOR_REQUIRED: 403,
  REAUTHENTICATION_REQUIRED: 403,
  CAPTCHA_REQUIRED: 403,
  FORBIDDEN: 403,
  ORIGIN_FORBIDDEN: 403,
  REGISTRATION_CLOSED: 403,
  SCOPE_MISSING: 403,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  CONFLICT: 409,
  BODY_TOO_LARGE: 413,
  MEDIA_TYPE_UNSUPPORTED: 415,
  EXPECTATION_FAILED: 417,
  OTP_ATTEMPTS_EXCEEDED: 429,
  RESEND_TOO_EARLY: 429,
  TOO_MANY_REQUESTS: 429,
  HEADERS_TOO_LARGE: 431,
  INTERNAL: 500,
  SERVICE_UNAVAILABLE: 503
} as const

export type ProblemCode = keyof typeof PROBLEMS

export interface ProblemFacts {
  /** Whole seconds until it is worth trying again; also sent as `Retry-After`. */
  retryAfterSeconds?: number
  attemptsLeft?: number
  /** This wrong code was the last that the account had for now. For its owner, not for the client. */
  isBudgetSpent?: boolean
  /** The passkey may be a copy. For its owner, not for the client. */
  isCloned?: boolean
  /** Methods for the `Allow` header of a 405. */
  allow?: string
  errors?: FieldError[]
  /** The ALTCHA challenge to solve. */
  captcha?: unknown
  /** State of the parts, for readiness. */
  parts?: Record<string, string>
  /** The caller's session ended with this refusal: its cookies are to be cleared. */
  isSessionOver?: boolean
}

/** What is wrong with one field. The sentence for `reason` is chosen in the reader's language when the answer is written. */
export interface FieldError {
  /** JSON Pointer into the body. */
  path: string
  /** A key of the validation sentences (src/platform/locales). */
  reason: string
  /** What the sentence tells besides: a length, a type or a field's name. */
  value?: string | number
}

/** A refusal on its way to the client as problem+json (RFC 9457). Thrown, never answered by a handler. */
export class Problem extends Error {
  readonly code: ProblemCode
  readonly statusCode: number
  readonly facts: ProblemFacts

  constructor (code: ProblemCode, facts: ProblemFacts = {}) {
    // Nobody reads where an expected answer comes from, and to look it up is a tenth of what a refusal costs.
    const { stackTraceLimit } = Error
    Error.stackTraceLimit = 0
    super(code)
    Error.stackTraceLimit = stackTraceLimit
    this.name = 'Problem'
    this.code = code
    this.statusCode = PROBLEMS[code]
    this.facts = facts
  }
}

/** VALIDATION_FAILED for one field, for what a schema cannot express. */
export const invalidField = (path: string, reason = 'pattern', value?: string): Problem =>
  new Problem('VALIDATION_FAILED', { errors: [{ path, reason, ...value === undefined ? {} : { value } }] })

/** What `read` returns, or null when it refuses. */
export function orNull<Result> (read: () => Result): Result | null {
  try {
    return read()
  } catch (error) {
    if (error instanceof Problem) return null
    throw error
  }
}

/** Whole seconds for `Retry-After`, never zero: a client that obeys must not come back too early. */
export const retryAfter = (milliseconds: number): { retryAfterSeconds: number } =>
  ({ retryAfterSeconds: Math.max(1, Math.ceil(milliseconds / 1000)) })
