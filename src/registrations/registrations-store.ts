import { NOBODY } from '../accounts/accounts-store.ts'
import { attemptLifeMs, type Place } from '../challenges/challenge.ts'
import { type ChallengeRules, refusal } from '../challenges/challenges-store.ts'
import { codeCandidates, keepCode, newCode } from '../challenges/code.ts'
import { Problem, retryAfter } from '../errors.ts'
import { newId } from '../ids.ts'
import type { Keyring } from '../keyring.ts'
import { keys } from '../redis/keys.ts'
import type { RunScript } from '../redis/scripts.ts'
import type { Client } from '../sessions/session.ts'
import type { SessionDraft } from '../sessions/sessions-store.ts'

/** How long a proven sign-up may still become an account, should the server die between the two steps. */
const BINDING_LIFE_MS = 10 * 60_000
/** Two nodes of a cluster may disagree about the time by this much. */
const CLOCK_MARGIN_MS = 60_000

/** What an attempt keeps until its address is proven. The password is a record already. */
export interface Registration { accountId: string, name: string, email: string, passwordHash: string, locale: string }

export interface ProvenRegistration extends Registration { provenAt: string }

export interface RegistrationsStore {
  /**
   * Before any work: whether the address may be sent another code.
   * @throws Problem TOO_MANY_REQUESTS, OTP_ATTEMPTS_EXCEEDED
   * @returns the id of an account that the address was bound to but which is not there, '' if there is none
   */
  look: (addressTag: string, isAccountOf: (accountId: string) => Promise<boolean>) => Promise<string>
  /** Opens an attempt; a sham one when the address has an account. Both look alike. */
  open: (addressTag: string, staleAccountId: string, registration: Registration, client: Client) => Promise<Place>
  /** Judges a sign-up code and binds the address. @throws Problem CHALLENGE_INVALID, OTP_* */
  prove: (place: Place, typed: string, addressTag: string) => Promise<ProvenRegistration>
  /** Makes the account and its first session, once. @throws Problem CHALLENGE_INVALID */
  complete: (proven: ProvenRegistration, draft: SessionDraft) => Promise<Array<string | null>>
}

export function createRegistrationsStore (run: RunScript, keyring: Keyring, rules: ChallengeRules): RegistrationsStore {
  return {
    look: async (addressTag, isAccountOf) => {
      const key = keys.address(addressTag)
      const [accountId, mailsWaitMs, guessWaitMs] = await run<[string, number, number]>('sign-up-look',
        [key.owner, key.mails, key.failures], [rules.mailsPerHour, rules.mailsPerDay, rules.dailyFailures])
      if (guessWaitMs > 0) throw new Problem('OTP_ATTEMPTS_EXCEEDED', retryAfter(guessWaitMs))
      if (mailsWaitMs > 0) throw new Problem('TOO_MANY_REQUESTS', retryAfter(mailsWaitMs))
      return await isAccountOf(accountId || NOBODY) ? '' : accountId
    },

    open: async (addressTag, staleAccountId, registration, client) => {
      const place: Place = { purpose: 'sign-up', home: addressTag, attemptId: newId() }
      const { codeMac, codeSealed } = keepCode(keyring, place.attemptId, newCode(rules.codeLength))
      const key = keys.address(addressTag)
      const answer = await run<['ok'] | ['mails', number] | ['locked', number]>('sign-up-open',
        [key.owner, key.attempt(place.attemptId), key.attempts, key.mails, key.failures],
        [place.attemptId, staleAccountId, BINDING_LIFE_MS + CLOCK_MARGIN_MS, rules.mailsPerHour, rules.mailsPerDay, rules.dailyFailures,
          attemptLifeMs('sign-up', rules.signUpCodeTtlMs), rules.signUpCodeTtlMs, rules.resendIntervalMs,
          'codeMac', codeMac, 'codeSealed', codeSealed, 'addressTag', addressTag, 'ip', client.ip, 'device', client.device,
          'accountId', registration.accountId, 'name', registration.name, 'email', registration.email,
          'passwordHash', registration.passwordHash, 'locale', registration.locale])
      if (answer[0] !== 'ok') throw refusal(answer)
      return place
    },

    prove: async (place, typed, addressTag) => {
      const key = keys.address(place.home)
      const answer = await run<
        | ['ok', string, string, string, string, string, string] | ['gone'] | ['expired'] | ['wrong', number] | ['locked', number]
      >('sign-up-verify',
        [key.owner, key.attempt(place.attemptId), key.attempts, key.failures],
        [addressTag, codeCandidates(keyring, place.attemptId, typed), rules.maxAttempts, rules.dailyFailures, place.attemptId,
          BINDING_LIFE_MS, key.attempt(''), place.home])
      if (answer[0] !== 'ok') throw refusal(answer)
      const [, provenAt, accountId, name, email, passwordHash, locale] = answer
      return { provenAt, accountId, name, email, passwordHash, locale }
    },

    complete: async (proven, draft) => {
      const answer = await run<['ok', number, Array<string | null>] | ['gone']>('account-create',
        [keys.account(proven.accountId).record, ...draft.keys],
        [proven.provenAt, BINDING_LIFE_MS, proven.email, proven.name, proven.passwordHash, proven.locale, ...draft.args])
      if (answer[0] !== 'ok') throw refusal(answer)
      return answer[2]
    }
  }
}
