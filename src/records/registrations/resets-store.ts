import type { Account } from '../accounts/accounts-store.ts'
import { attemptLifeMs, type ChallengeRef } from '../challenges/challenge.ts'
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
  open: (addressTag: string, email: string, account: Account | null, client: Client, olderAttemptId: string) => Promise<ChallengeRef>
  /** Judges a code without spending it. @throws Problem CHALLENGE_INVALID, OTP_* */
  prove: (challenge: ChallengeRef, typed: string) => Promise<{ accountId: string, credentialVersion: string }>
}

export function createResetsStore (run: RunScript, keyring: Keyring, rules: ChallengeRules): ResetsStore {
  return {
    open: async (addressTag, email, account, client, olderAttemptId) => {
      const challenge: ChallengeRef = { purpose: 'reset', ownerKey: addressTag, attemptId: newId() }
      const key = keys.address(addressTag)
      const fields = {
        purpose: 'reset',
        channel: 'email',
        addressTag,
        ...keepCode(keyring, challenge.attemptId, newCode(rules.codeLength)),
        decoy: account ? '0' : '1',
        accountId: account?.id ?? newId(),
        credentialVersion: account?.credentialVersion ?? '1',
        email,
        name: account?.name ?? '',
        locale: account?.locale ?? '',
        ip: client.ip,
        device: client.device
      }
      const answer = await run<['ok'] | Refusal>('reset-open',
        [key.attempt(challenge.attemptId), key.attempts, key.mails, key.failures],
        [challenge.attemptId, rules.mailsPerHour, rules.mailsPerDay, rules.dailyFailures, attemptLifeMs('reset', rules.signUpCodeTtlMs),
          rules.signUpCodeTtlMs, rules.resendIntervalMs, olderAttemptId, key.attempt(''), ...Object.entries(fields).flat()])
      if (answer[0] !== 'ok') throw refusal(answer)
      return challenge
    },

    prove: async (challenge, typed) => {
      const key = keys.address(challenge.ownerKey)
      const answer = await run<['ok', string, string] | Refusal>('reset-verify',
        [key.attempt(challenge.attemptId), key.failures],
        [codeCandidates(keyring, challenge.attemptId, typed), rules.maxAttempts, rules.dailyFailures, challenge.attemptId])
      if (answer[0] !== 'ok') throw refusal(answer)
      return { accountId: answer[1], credentialVersion: answer[2] }
    }
  }
}
