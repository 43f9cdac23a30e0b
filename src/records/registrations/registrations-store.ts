import { readUser } from '../accounts/account.ts'
import { BINDING_LIFE_MS, CLOCK_MARGIN_MS } from '../accounts/address-bindings-store.ts'
import type { Client } from '../activity/actor.ts'
import {
  attemptLifeMs, type ChallengeRef, type ChallengeRules, codeCandidates, keepCode, keepEmail, newCode, openEmail
} from '../challenges/challenge.ts'
import { refusal } from '../refusals.ts'
import { Problem, retryAfter } from '../../errors.ts'
import { newId } from '../../platform/ids.ts'
import type { Keyring } from '../../platform/keyring.ts'
import { keys } from '../../platform/redis/keys.ts'
import type { OutcomeRecord, RunScript } from '../../platform/redis/script.ts'
import type { OpenedSession } from '../sessions/session.ts'
import type { SessionDraft } from '../sessions/sessions-store.ts'
import { createAccount, endAttempt, findSignUp, openSignUp, verifySignUp } from './registration-scripts.ts'

/** What an attempt keeps until its address is proven. The password is a record already. */
export interface Registration { accountId: string, name: string, email: string, passwordHash: string, isLong: boolean, locale: string }

export interface ProvenRegistration extends Registration { provenAt: number }

export interface NewRegistration {
  addressTag: string
  /** Bound to the address, but found not to be its account; '' for none. */
  staleAccountId: string
  registration: Registration
  client: Client
  attemptId?: string | undefined
  record?: OutcomeRecord | undefined
}

export interface RegistrationsStore {
  /**
   * Before any work: whether the address may be sent another code.
   * @throws Problem TOO_MANY_REQUESTS, OTP_ATTEMPTS_EXCEEDED
   * @returns whom the address is bound to, '' for nobody; that account may be gone
   */
  find: (addressTag: string) => Promise<{ accountId: string }>
  /** Opens an attempt; a decoy one when the address has an account. Both look alike. */
  open: (attempt: NewRegistration) => Promise<ChallengeRef>
  /** Judges a sign-up code and binds the address. @throws Problem CHALLENGE_INVALID, OTP_* */
  verifyCode: (challenge: ChallengeRef, typed: string, addressTag: string) => Promise<ProvenRegistration>
  /** Makes the account and its first session, once; again for a draft of the same session. @throws Problem CHALLENGE_INVALID */
  complete: (challenge: ChallengeRef, proven: ProvenRegistration, draft: SessionDraft) => Promise<OpenedSession>
}

export function createRegistrationsStore (run: RunScript, keyring: Keyring, rules: ChallengeRules): RegistrationsStore {
  const { codeLength, maxAttempts: mostWrong, dailyFailures, mailsPerHour, mailsPerDay } = rules
  const { resendIntervalMs, signUpCodeTtlMs: codeLifeMs } = rules
  const budget = { mailsPerHour, mailsPerDay, dailyFailures }

  return {
    find: async (addressTag) => {
      const { owner, mails, failures } = keys.address(addressTag)
      const { accountId, mailsWaitMs, guessWaitMs } = await run(findSignUp, { owner, mails, failures }, budget)
      if (guessWaitMs > 0) throw new Problem('OTP_ATTEMPTS_EXCEEDED', retryAfter(guessWaitMs))
      if (mailsWaitMs > 0) throw new Problem('TOO_MANY_REQUESTS', retryAfter(mailsWaitMs))
      return { accountId }
    },

    open: async ({ addressTag, staleAccountId, registration, client, attemptId = newId(), record }) => {
      const { owner, attempt, attempts, mails, failures } = keys.address(addressTag)
      const answer = await run(openSignUp, { owner, attempt: attempt(attemptId), attempts, mails, failures }, {
        attemptId,
        staleId: staleAccountId,
        bindingLifeMs: BINDING_LIFE_MS + CLOCK_MARGIN_MS,
        ...budget,
        lifeMs: attemptLifeMs('sign-up', codeLifeMs),
        codeLifeMs,
        resendIntervalMs,
        fields: {
          purpose: 'sign-up',
          channel: 'email',
          addressTag,
          ...keepCode(keyring, attemptId, newCode(codeLength)),
          ip: client.ip,
          device: client.device,
          timeZone: client.timeZone ?? '',
          accountId: registration.accountId,
          name: registration.name,
          emailSealed: keepEmail(keyring, attemptId, registration.email),
          passwordHash: registration.passwordHash,
          longPassword: registration.isLong ? 1 : 0,
          locale: registration.locale
        }
      }, record)
      if (answer.outcome !== 'ok') throw refusal(answer)
      return { purpose: 'sign-up', ownerKey: addressTag, attemptId }
    },

    verifyCode: async ({ ownerKey, attemptId }, typed, addressTag) => {
      const { owner, attempt, attempts, failures } = keys.address(ownerKey)
      const answer = await run(verifySignUp, { owner, attempt: attempt(attemptId), attempts, failures }, {
        isOtherAddress: addressTag !== '' && addressTag !== ownerKey,
        candidates: codeCandidates(keyring, attemptId, typed),
        mostWrong,
        dailyFailures,
        attemptId,
        bindingLifeMs: BINDING_LIFE_MS,
        attemptPrefix: attempt('')
      })
      if (answer.outcome !== 'ok') throw refusal(answer)
      const { outcome, emailSealed, ...proven } = answer
      const email = openEmail(keyring, attemptId, emailSealed)
      if (email === null) throw new Problem('CHALLENGE_INVALID')
      return { ...proven, email }
    },

    complete: async (challenge, { accountId, ...proven }, draft) => {
      const answer = await run(createAccount, { account: keys.account(accountId).record, ...draft.keys },
        { ...proven, bindingLifeMs: BINDING_LIFE_MS, ...draft.args })
      if (answer.outcome !== 'ok') throw refusal(answer)
      // Its work is done: were it left, the same code could make the account once more, should that be deleted at once.
      await run(endAttempt, { attempt: keys.address(challenge.ownerKey).attempt(challenge.attemptId) }, {})
      return { user: readUser(accountId, answer.user), isKnownDevice: true, authAtMs: answer.authAtMs }
    }
  }
}
