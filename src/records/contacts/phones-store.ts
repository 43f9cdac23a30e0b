import { readUser, type User } from '../accounts/account.ts'
import type { SessionActor } from '../activity/actor.ts'
import type { ChallengeRef } from '../challenges/challenge.ts'
import type { ChallengesStore } from '../challenges/challenges-store.ts'
import { codeCandidates } from '../challenges/challenge.ts'
import { refusal } from '../refusals.ts'
import { Problem } from '../../errors.ts'
import type { Keyring } from '../../platform/keyring.ts'
import { keys } from '../../platform/redis/keys.ts'
import type { RunScript } from '../../platform/redis/script.ts'
import { confirmPhone, removePhone } from './contact-scripts.ts'

/** The number to which codes go over the webhook channel. Setting and forgetting it ends all but the asking session. */
export interface PhonesStore {
  /** @throws Problem CHALLENGE_INVALID, OTP_*, SESSION_ENDED */
  confirm: (session: SessionActor, challenge: ChallengeRef, typed: string) => Promise<User>
  /** @throws Problem NOT_FOUND, SESSION_ENDED */
  remove: (session: SessionActor) => Promise<User>
}

export function createPhonesStore (run: RunScript, keyring: Keyring, challenges: ChallengesStore): PhonesStore {
  return {
    confirm: async ({ accountId, sid, client }, challenge, typed) => {
      const key = keys.account(accountId)
      const proof = codeCandidates(keyring, challenge.attemptId, typed)
      const answer = await run(confirmPhone,
        { account: key.record, attempt: key.attempt(challenge.attemptId), failures: key.failures, session: key.session(sid) },
        { ...challenges.judgeArgs({ challenge, addressTag: '', method: 'sms', proof }), actor: client, sid })
      if (answer.outcome !== 'ok') throw refusal(answer)
      return readUser(accountId, answer.user)
    },

    remove: async ({ accountId, sid, client }) => {
      const key = keys.account(accountId)
      const answer = await run(removePhone, { account: key.record, session: key.session(sid) }, { sid, actor: client })
      if (answer.outcome === 'none') throw new Problem('NOT_FOUND')
      if (answer.outcome !== 'ok') throw refusal(answer)
      return readUser(accountId, answer.user)
    }
  }
}
