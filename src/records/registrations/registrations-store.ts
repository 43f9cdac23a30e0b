import { encodeActor } from '../activity/activity.ts'
import { attemptLifeMs, type ChallengeRef } from '../challenges/challenge.ts'
import { codeCandidates, keepCode, newCode } from '../challenges/code.ts'
import { refusal } from '../refusals.ts'
import type { ChallengeRules } from '../challenges/rules.ts'
import { Problem, retryAfter } from '../../errors.ts'
import { newId } from '../../platform/ids.ts'
import type { Keyring } from '../../platform/keyring.ts'
import { keys } from '../../platform/redis/keys.ts'
import type { OutcomeRecord, RunScript } from '../../platform/redis/scripts.ts'
import type { Client } from '../sessions/session.ts'
import type { SessionDraft } from '../sessions/sessions-store.ts'

/** How long a proven sign-up may still become an account, should the server die between the two steps. */
export const BINDING_LIFE_MS = 10 * 60_000
/** Two nodes of a cluster may disagree about the time by this much. */
export const CLOCK_MARGIN_MS = 60_000

/** What an attempt keeps until its address is proven. The password is a record already. */
export interface Registration { accountId: string, name: string, email: string, passwordHash: string, isLong: boolean, locale: string }

export interface ProvenRegistration extends Registration { provenAt: string }

export interface RegistrationsStore {
  /**
   * Before any work: whether the address may be sent another code.
   * @throws Problem TOO_MANY_REQUESTS, OTP_ATTEMPTS_EXCEEDED
   * @returns whom the address is bound to, '' for nobody; that account may be gone
   */
  look: (addressTag: string) => Promise<{ accountId: string }>
  /**
   * Opens an attempt; a decoy one when the address has an account. Both look alike. `staleAccountId`: bound to the address, but
   * found not to be its account.
   */
  open: (addressTag: string, staleAccountId: string, registration: Registration, client: Client, attemptId?: string, once?: OutcomeRecord) => Promise<ChallengeRef>
  /** Judges a sign-up code and binds the address. @throws Problem CHALLENGE_INVALID, OTP_* */
  prove: (challenge: ChallengeRef, typed: string, addressTag: string) => Promise<ProvenRegistration>
  /** Makes the account and its first session, once; again for a draft of the same session. @throws Problem CHALLENGE_INVALID */
  complete: (challenge: ChallengeRef, proven: ProvenRegistration, client: Client, draft: SessionDraft) => Promise<Array<string | null>>
}

export function createRegistrationsStore (run: RunScript, keyring: Keyring, rules: ChallengeRules): RegistrationsStore {
  return {
    look: async (addressTag) => {
      const key = keys.address(addressTag)
      const [accountId, mailsWaitMs, guessWaitMs] = await run<[string, number, number]>('sign-up-look',
        [key.owner, key.mails, key.failures], [rules.mailsPerHour, rules.mailsPerDay, rules.dailyFailures])
      if (guessWaitMs > 0) throw new Problem('OTP_ATTEMPTS_EXCEEDED', retryAfter(guessWaitMs))
      if (mailsWaitMs > 0) throw new Problem('TOO_MANY_REQUESTS', retryAfter(mailsWaitMs))
      return { accountId }
    },

    open: async (addressTag, staleAccountId, registration, client, attemptId = newId(), once) => {
      const challenge: ChallengeRef = { purpose: 'sign-up', ownerKey: addressTag, attemptId }
      const { codeMac, codeSealed } = keepCode(keyring, challenge.attemptId, newCode(rules.codeLength))
      const key = keys.address(addressTag)
      const answer = await run<['ok'] | ['mails', number] | ['locked', number]>('sign-up-open',
        [key.owner, key.attempt(challenge.attemptId), key.attempts, key.mails, key.failures],
        [challenge.attemptId, staleAccountId, BINDING_LIFE_MS + CLOCK_MARGIN_MS, rules.mailsPerHour, rules.mailsPerDay, rules.dailyFailures,
          attemptLifeMs('sign-up', rules.signUpCodeTtlMs), rules.signUpCodeTtlMs, rules.resendIntervalMs,
          'purpose', 'sign-up', 'channel', 'email', 'addressTag', addressTag, 'codeMac', codeMac, 'codeSealed', codeSealed, 'ip', client.ip, 'device', client.device,
          'accountId', registration.accountId, 'name', registration.name, 'email', registration.email,
          'passwordHash', registration.passwordHash, 'longPassword', registration.isLong ? 1 : 0, 'locale', registration.locale], once)
      if (answer[0] !== 'ok') throw refusal(answer)
      return challenge
    },

    prove: async (challenge, typed, addressTag) => {
      const key = keys.address(challenge.ownerKey)
      const answer = await run<
        | ['ok', string, string, string, string, string, string, string] | ['gone'] | ['expired'] | ['wrong', number] | ['locked', number]
      >('sign-up-verify',
        [key.owner, key.attempt(challenge.attemptId), key.attempts, key.failures],
        [addressTag, codeCandidates(keyring, challenge.attemptId, typed), rules.maxAttempts, rules.dailyFailures, challenge.attemptId,
          BINDING_LIFE_MS, key.attempt(''), challenge.ownerKey])
      if (answer[0] !== 'ok') throw refusal(answer)
      const [, provenAt, accountId, name, email, passwordHash, locale, longPassword] = answer
      return { provenAt, accountId, name, email, passwordHash, locale, isLong: longPassword === '1' }
    },

    complete: async (challenge, proven, client, draft) => {
      const answer = await run<['ok', number, Array<string | null>] | ['gone']>('account-create',
        [keys.account(proven.accountId).record, ...draft.keys],
        [proven.provenAt, BINDING_LIFE_MS, proven.email, proven.name, proven.passwordHash, proven.isLong ? 1 : 0, proven.locale, encodeActor(client), ...draft.args])
      if (answer[0] !== 'ok') throw refusal(answer)
      // Its work is done: were it left, the same code could make the account once more, should that be deleted at once.
      await run('attempt-end', [keys.address(challenge.ownerKey).attempt(challenge.attemptId)], [])
      return answer[2]
    }
  }
}
