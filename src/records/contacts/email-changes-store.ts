import { encodeActor } from '../activity/activity.ts'
import type { ChallengeRef } from '../challenges/challenge.ts'
import type { ChallengesStore } from '../challenges/challenges-store.ts'
import { codeCandidates } from '../challenges/code.ts'
import { type Refusal, refusal } from '../refusals.ts'
import type { Keyring } from '../../platform/keyring.ts'
import { keys } from '../../platform/redis/keys.ts'
import type { RunScript } from '../../platform/redis/scripts.ts'
import { BINDING_LIFE_MS } from '../registrations/registrations-store.ts'
import type { AskingSession } from '../second-factors/totp-store.ts'
import { readUser, type User } from '../accounts/account.ts'
import type { AddressBindingsStore } from '../accounts/address-bindings-store.ts'

/**
 * The end of a change of address, in steps of one slot each: the code is proven, the new address is bound, the account gets it, the
 * old address is let go. After a crash the same code goes on where it stopped, for ten minutes; what is left behind then is let go
 * by the next sign-up with that address, or by the deletion of the account.
 */
export interface EmailChangesStore {
  /** Judges the code without spending it. @throws Problem CHALLENGE_INVALID, OTP_*, SESSION_ENDED */
  prove: (session: AskingSession, challenge: ChallengeRef, typed: string) => Promise<{ email: string, newTag: string }>
  /** Sets the bound address, once, and ends everything but the session that asks. @throws Problem CHALLENGE_INVALID, SESSION_ENDED */
  complete: (session: AskingSession, challenge: ChallengeRef, oldTag: string) => Promise<User>
  /** Lets go of the address that the account had until now. */
  leave: (accountId: string, oldTag: string, version: string) => Promise<void>
}

export function createEmailChangesStore (
  run: RunScript, keyring: Keyring, challenges: ChallengesStore, bindings: AddressBindingsStore
): EmailChangesStore {
  return {
    prove: async ({ accountId, sid, client }, challenge, typed) => {
      const key = keys.account(accountId)
      const proof = codeCandidates(keyring, challenge.attemptId, typed)
      const answer = await run<['ok', string, string] | Refusal>('email-change-prove',
        [key.record, key.attempt(challenge.attemptId), key.attempts, key.failures, key.session(sid), key.otherAddresses],
        [...challenges.judgeArgs({ challenge, addressTag: '', method: 'email', proof }), encodeActor(client), BINDING_LIFE_MS])
      if (answer[0] !== 'ok') throw refusal(answer)
      return { email: answer[1], newTag: answer[2] }
    },

    complete: async ({ accountId, sid, client }, challenge, oldTag) => {
      const key = keys.account(accountId)
      const answer = await run<['ok', Array<string | null>] | Refusal>('email-change-complete',
        [key.record, key.session(sid), key.attempt(challenge.attemptId), key.otherAddresses], [sid, encodeActor(client), BINDING_LIFE_MS, oldTag])
      if (answer[0] !== 'ok') throw refusal(answer)
      return readUser(accountId, answer[1])
    },

    leave: async (accountId, oldTag, version) => {
      await bindings.release(accountId, oldTag, version)
      await run('member-drop', [keys.account(accountId).otherAddresses], [oldTag])
    }
  }
}
