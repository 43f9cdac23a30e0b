import { encodeActor } from '../activity/activity.ts'
import type { ChallengeRef } from '../challenges/challenge.ts'
import type { ChallengesStore } from '../challenges/challenges-store.ts'
import { codeCandidates } from '../challenges/code.ts'
import { type Refusal, refusal } from '../refusals.ts'
import { Problem } from '../../errors.ts'
import type { Keyring } from '../../platform/keyring.ts'
import { keys } from '../../platform/redis/keys.ts'
import type { RunScript } from '../../platform/redis/scripts.ts'
import type { AskingSession } from '../second-factors/totp-store.ts'
import { readUser, type User } from '../accounts/account.ts'

/** The number to which codes go over the webhook channel. Setting and forgetting it ends all but the asking session. */
export interface PhonesStore {
  /** @throws Problem CHALLENGE_INVALID, OTP_*, SESSION_ENDED */
  confirm: (session: AskingSession, challenge: ChallengeRef, typed: string) => Promise<User>
  /** @throws Problem NOT_FOUND, SESSION_ENDED */
  remove: (session: AskingSession) => Promise<User>
}

export function createPhonesStore (run: RunScript, keyring: Keyring, challenges: ChallengesStore): PhonesStore {
  return {
    confirm: async ({ accountId, sid, client }, challenge, typed) => {
      const key = keys.account(accountId)
      const proof = codeCandidates(keyring, challenge.attemptId, typed)
      const answer = await run<['ok', Array<string | null>] | Refusal>('phone-confirm',
        [key.record, key.attempt(challenge.attemptId), key.failures, key.session(sid)],
        [...challenges.judgeArgs({ challenge, addressTag: '', method: 'sms', proof }), encodeActor(client), sid])
      if (answer[0] !== 'ok') throw refusal(answer)
      return readUser(accountId, answer[1])
    },

    remove: async ({ accountId, sid, client }) => {
      const key = keys.account(accountId)
      const answer = await run<['ok', Array<string | null>] | ['ended'] | ['none']>('phone-remove', [key.record, key.session(sid)], [sid, encodeActor(client)])
      if (answer[0] === 'none') throw new Problem('NOT_FOUND')
      if (answer[0] !== 'ok') throw refusal(answer)
      return readUser(accountId, answer[1])
    }
  }
}
