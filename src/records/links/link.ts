import type { Keyring } from '../../platform/keyring.ts'
import { makeGenerationToken, readGenerationToken } from '../sessions/generation-token.ts'

/** What a mailed link is for: to accept an invitation, or to prove a new address that somebody else has set. */
export type LinkPurpose = 'invitation' | 'email'

export interface Link { purpose: LinkPurpose, accountId: string, linkId: string }

/** How long a link lives. */
export const LINK_LIFE_MS = 72 * 3_600_000

const PURPOSES: readonly LinkPurpose[] = ['invitation', 'email']

/** Redis keeps only the id: a copy of it, or of the outbox, opens nothing. Equal links give equal tokens. */
export const makeLinkToken = (keyring: Keyring, { purpose, accountId, linkId }: Link): string =>
  makeGenerationToken(keyring, 'link', { accountId, id: linkId, generation: PURPOSES.indexOf(purpose) })

/** The link that one of our keys made, else null. */
export function readLinkToken (keyring: Keyring, token: string): Link | null {
  const claims = readGenerationToken(keyring, 'link', token)
  const purpose = claims && PURPOSES[claims.generation]
  return claims && purpose ? { purpose, accountId: claims.accountId, linkId: claims.id } : null
}
