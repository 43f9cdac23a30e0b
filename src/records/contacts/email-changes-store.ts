import { readUser, type User } from '../accounts/account.ts'
import { dropMember } from '../accounts/account-scripts.ts'
import { type AddressBindingsStore, BINDING_LIFE_MS } from '../accounts/address-bindings-store.ts'
import type { SessionActor } from '../activity/actor.ts'
import type { ChallengeRef } from '../challenges/challenge.ts'
import type { ChallengesStore } from '../challenges/challenges-store.ts'
import { codeCandidates } from '../challenges/challenge.ts'
import { refusal } from '../refusals.ts'
import type { Keyring } from '../../platform/keyring.ts'
import { keys } from '../../platform/redis/keys.ts'
import type { RunScript } from '../../platform/redis/script.ts'
import { completeEmailChange, verifyEmailChange } from './contact-scripts.ts'

/**
 * The end of a change of address, in steps of one slot each: the code is verified, the new address is bound, the account gets it, the
 * old address is released. After a crash the same code goes on where it stopped, for ten minutes; what is left behind then is released
 * by the next sign-up with that address, or by the deletion of the account.
 */
export interface EmailChangesStore {
  /** Judges the code without spending it. @throws Problem CHALLENGE_INVALID, OTP_*, SESSION_ENDED */
  verifyCode: (session: SessionActor, challenge: ChallengeRef, typed: string) => Promise<{ email: string, newTag: string }>
  /** Sets the bound address, once, and ends everything but the session that asks. @throws Problem CHALLENGE_INVALID, SESSION_ENDED */
  complete: (session: SessionActor, challenge: ChallengeRef, oldTag: string) => Promise<User>
  /** Releases the address that the account had until now. */
  leave: (accountId: string, oldTag: string, version: string) => Promise<void>
}

export function createEmailChangesStore (
  run: RunScript, keyring: Keyring, challenges: ChallengesStore, bindings: AddressBindingsStore
): EmailChangesStore {
  return {
    verifyCode: async ({ accountId, sid, client }, challenge, typed) => {
      const key = keys.account(accountId)
      const { record, attempts, failures, otherAddresses } = key
      const proof = codeCandidates(keyring, challenge.attemptId, typed)
      const answer = await run(verifyEmailChange,
        { account: record, attempt: key.attempt(challenge.attemptId), attempts, failures, session: key.session(sid), otherAddresses },
        { ...challenges.judgeArgs({ challenge, addressTag: '', method: 'email', proof }), actor: client, bindingLifeMs: BINDING_LIFE_MS })
      if (answer.outcome !== 'ok') throw refusal(answer)
      return { email: answer.email, newTag: answer.newTag }
    },

    complete: async ({ accountId, sid, client }, challenge, oldTag) => {
      const key = keys.account(accountId)
      const answer = await run(completeEmailChange,
        { account: key.record, session: key.session(sid), attempt: key.attempt(challenge.attemptId), otherAddresses: key.otherAddresses },
        { sid, actor: client, bindingLifeMs: BINDING_LIFE_MS, oldTag })
      if (answer.outcome !== 'ok') throw refusal(answer)
      return readUser(accountId, answer.user)
    },

    leave: async (accountId, oldTag, version) => {
      await bindings.release(accountId, oldTag, version)
      await run(dropMember, { set: keys.account(accountId).otherAddresses }, { member: oldTag })
    }
  }
}
