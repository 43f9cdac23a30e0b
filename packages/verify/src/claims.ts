/** What an access token says. */
export interface Claims {
  iss: string
  aud: string
  /** The account's id. */
  sub: string
  /** The session's id. */
  sid: string
  client_id: string
  jti: string
  iat: number
  exp: number
  /** When the person last proved who they are. */
  auth_time: number
  /** How the person signed in: `pwd`, `otp`, `pop`, `mfa`, `device`. */
  amr: string[]
  /** Whether a second factor was given in this session. */
  '2fa': boolean
  /** With TOKEN_CLAIMS=roles,claims. */
  roles?: string[]
  claims?: Record<string, unknown>
}

const TEXTS = ['iss', 'aud', 'sub', 'sid', 'jti'] as const

/** What a signed payload says, when it is an access token of ours. Servers' clocks may differ by `leewaySeconds`. */
export function readClaims (payload: unknown, nowSeconds: number, leewaySeconds: number): Claims | null {
  if (!isRecord(payload)) return null
  return isClaims(payload) && payload.iat <= nowSeconds + leewaySeconds ? payload : null
}

/** As far as anything here relies on it. */
function isClaims (payload: Record<string, unknown>): payload is Record<string, unknown> & Claims {
  const { iat, exp, roles } = payload
  return TEXTS.every((name) => typeof payload[name] === 'string') && typeof payload['2fa'] === 'boolean' &&
    typeof iat === 'number' && typeof exp === 'number' && (roles === undefined || Array.isArray(roles))
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
