import type { Account } from '../accounts/accounts-store.ts'
import { attemptLifeMs, type Place } from '../challenges/challenge.ts'
import { codeCandidates, keepCode, newCode } from '../challenges/code.ts'
import { type Refusal, refusal } from '../refusals.ts'
import type { ChallengeRules } from '../challenges/rules.ts'
import { newId } from '../../platform/ids.ts'
import type { Keyring } from '../../platform/keyring.ts'
import { keys } from '../../platform/redis/keys.ts'
import type { RunScript } from '../../platform/redis/scripts.ts'
import type { Client } from '../sessions/session.ts'

/** Resets by a mailed code. They live with the address, known or not, so that nobody learns which it is. */
export interface ResetsStore {
  /** `olderAttemptId`: one of the same browser, whose code dies. @throws Problem TOO_MANY_REQUESTS, OTP_ATTEMPTS_EXCEEDED */
  open: (addressTag: string, email: string, account: Account | null, client: Client, olderAttemptId: string) => Promise<Place>
  /** Judges a code without spending it. @throws Problem CHALLENGE_INVALID, OTP_* */
  prove: (place: Place, typed: string) => Promise<{ accountId: string, credentialVersion: string }>
}

export function createResetsStore (run: RunScript, keyring: Keyring, rules: ChallengeRules): ResetsStore {
  return {
    open: async (addressTag, email, account, client, olderAttemptId) => {
      const place: Place = { purpose: 'reset', home: addressTag, attemptId: newId() }
      const key = keys.address(addressTag)
      const fields = {
        purpose: 'reset',
        channel: 'email',
        addressTag,
        ...keepCode(keyring, place.attemptId, newCode(rules.codeLength)),
        sham: account ? '0' : '1',
        accountId: account?.id ?? newId(),
        credentialVersion: account?.credentialVersion ?? '1',
        email,
        name: account?.name ?? '',
        locale: account?.locale ?? '',
        ip: client.ip,
        device: client.device
      }
      const answer = await run<['ok'] | Refusal>('reset-open',
        [key.attempt(place.attemptId), key.attempts, key.mails, key.failures],
        [place.attemptId, rules.mailsPerHour, rules.mailsPerDay, rules.dailyFailures, attemptLifeMs('reset', rules.signUpCodeTtlMs),
          rules.signUpCodeTtlMs, rules.resendIntervalMs, olderAttemptId, key.attempt(''), ...Object.entries(fields).flat()])
      if (answer[0] !== 'ok') throw refusal(answer)
      return place
    },

    prove: async (place, typed) => {
      const key = keys.address(place.home)
      const answer = await run<['ok', string, string] | Refusal>('reset-verify',
        [key.attempt(place.attemptId), key.failures],
        [codeCandidates(keyring, place.attemptId, typed), rules.maxAttempts, rules.dailyFailures, place.attemptId])
      if (answer[0] !== 'ok') throw refusal(answer)
      return { accountId: answer[1], credentialVersion: answer[2] }
    }
  }
}
