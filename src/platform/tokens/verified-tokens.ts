import { now } from '../clock.ts'
import { type AccessClaims, LEEWAY_MS } from './access-token.ts'

/** About 1.2 kB each. */
const MOST_TOKENS = 65_536

export interface VerifiedTokens {
  /** The claims of a token that was found right before and has not run out since. */
  find: (token: string) => AccessClaims | undefined
  add: (token: string, claims: AccessClaims) => void
}

/**
 * Remembers which tokens were found right, by all their letters, because checking a signature costs forty times a look. Wrong tokens
 * never get in, so nobody can push the right ones out; the oldest goes first, which runs out first as well.
 */
export function createVerifiedTokens (most = MOST_TOKENS): VerifiedTokens {
  const known = new Map<string, AccessClaims>()
  return {
    find: (token) => {
      const claims = known.get(token)
      if (!claims || claims.exp * 1000 + LEEWAY_MS >= now()) return claims
      known.delete(token)
      return undefined
    },
    add: (token, claims) => {
      known.set(token, claims)
      const [oldest] = known.size > most ? known.keys() : []
      if (oldest !== undefined) known.delete(oldest)
    }
  }
}
