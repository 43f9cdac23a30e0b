import { orNull } from '../errors.ts'
import type { AccessClaims } from '../platform/tokens/access-token.ts'
import { hasSecondFactor } from '../records/sessions/amr.ts'
import type { SessionsStore } from '../records/sessions/sessions-store.ts'
import type { Tokens } from './tokens.ts'

/** What RFC 7662 says of a token. */
export type Introspection =
  | { active: false }
  | Pick<AccessClaims, 'sub' | 'sid' | 'client_id' | 'iss' | 'aud' | 'iat' | 'exp' | 'amr' | '2fa' | 'auth_time' | 'jti'> & {
    active: true, token_type: 'Bearer', roles: string[]
  }

interface Dependencies {
  tokens: Pick<Tokens, 'readAccess'>
  sessions: Pick<SessionsStore, 'find'>
  isTwoFactorRequired: boolean
}

/** Whether a token would be taken here, now: its signature from memory, its session and account from Redis, in one round trip. */
export const createIntrospect = (
  { tokens, sessions, isTwoFactorRequired }: Dependencies
) => async (token: string): Promise<Introspection> => {
  const claims = orNull(() => tokens.readAccess(token))
  const session = claims && await sessions.find(claims.sub, claims.sid)
  if (!session || (isTwoFactorRequired && !hasSecondFactor(session.amr))) return { active: false }
  return { active: true, token_type: 'Bearer', ...claims, roles: session.user.roles ?? [] }
}
