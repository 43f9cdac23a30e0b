import type { Keyring } from '../../platform/keyring.ts'
import { makeGenerationToken, readGenerationToken } from './generation-token.ts'

/** What a refresh token says. */
export interface RefreshClaims { accountId: string, sid: string, generation: number }

/** Equal claims give equal tokens. */
export const makeRefreshToken = (keyring: Keyring, { accountId, sid, generation }: RefreshClaims): string =>
  makeGenerationToken(keyring, 'refresh', { accountId, id: sid, generation })

/** The claims of a token that one of our keys made, else null. */
export function readRefreshToken (keyring: Keyring, token: string): RefreshClaims | null {
  const claims = readGenerationToken(keyring, 'refresh', token)
  return claims && { accountId: claims.accountId, sid: claims.id, generation: claims.generation }
}
