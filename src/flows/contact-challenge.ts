import { Problem } from '../errors.ts'
import type { ChallengeRef, Purpose } from '../records/challenges/challenge.ts'
import type { Principal } from './requester.ts'
import type { Tokens } from './tokens.ts'

/**
 * The signed-in person's own running challenge, by its pending token: the Bearer is the access token.
 * @throws Problem TOKEN_MISSING, TOKEN_INVALID, TOKEN_EXPIRED, CHALLENGE_INVALID (of another person or for something else)
 */
export function ownChallenge (
  tokens: Pick<Tokens, 'readPending'>, { user }: Principal, purpose: Purpose, pendingToken: string | undefined
): ChallengeRef {
  if (!pendingToken) throw new Problem('TOKEN_MISSING')
  const challenge = tokens.readPending(pendingToken)
  if (challenge.purpose !== purpose || challenge.ownerKey !== user.id) throw new Problem('CHALLENGE_INVALID')
  return challenge
}
