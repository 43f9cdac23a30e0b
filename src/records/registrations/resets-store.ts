import type { Account } from '../accounts/accounts-store.ts'
import type { Client } from '../activity/actor.ts'
import {
  attemptLifeMs, type ChallengeRef, type ChallengeRules, codeCandidates, keepCode, keepEmail, newCode
} from '../challenges/challenge.ts'
import { refusal } from '../refusals.ts'
import { newId } from '../../platform/ids.ts'
import type { Keyring } from '../../platform/keyring.ts'
import { keys } from '../../platform/redis/keys.ts'
import type { RunScript } from '../../platform/redis/script.ts'
import { openReset, verifyReset } from './registration-scripts.ts'

export interface NewReset {
  addressTag: string
  email: string
  account: Account | null
  client: Client
  /** An attempt of the same browser, whose code dies; '' for none. */
  olderAttemptId: string
}

/** Resets by a mailed code. They live with the address, known or not, so that nobody learns which it is. */
export interface ResetsStore {
  /** @throws Problem TOO_MANY_REQUESTS, OTP_ATTEMPTS_EXCEEDED */
  open: (reset: NewReset) => Promise<ChallengeRef>
  /** Judges a code without spending it. @throws Problem CHALLENGE_INVALID, OTP_* */
  verifyCode: (challenge: ChallengeRef, typed: string) => Promise<{ accountId: string, credentialVersion: string }>
}

export function createResetsStore (run: RunScript, keyring: Keyring, rules: ChallengeRules): ResetsStore {
  const { codeLength, maxAttempts: mostWrong, dailyFailures, mailsPerHour, mailsPerDay } = rules
  const { resendIntervalMs, signUpCodeTtlMs: codeLifeMs } = rules

  return {
    open: async ({ addressTag, email, account, client, olderAttemptId }) => {
      const attemptId = newId()
      const { attempt, attempts, mails, failures } = keys.address(addressTag)
      const answer = await run(openReset, { attempt: attempt(attemptId), attempts, mails, failures }, {
        attemptId,
        mailsPerHour,
        mailsPerDay,
        dailyFailures,
        lifeMs: attemptLifeMs('reset', codeLifeMs),
        codeLifeMs,
        resendIntervalMs,
        olderId: olderAttemptId,
        attemptPrefix: attempt(''),
        fields: {
          purpose: 'reset',
          channel: 'email',
          addressTag,
          ...keepCode(keyring, attemptId, newCode(codeLength)),
          decoy: account ? '0' : '1',
          accountId: account?.id ?? newId(),
          credentialVersion: account?.credentialVersion ?? '1',
          emailSealed: keepEmail(keyring, attemptId, email),
          name: account?.name ?? '',
          locale: account?.locale ?? '',
          ip: client.ip,
          device: client.device
        }
      })
      if (answer.outcome !== 'ok') throw refusal(answer)
      return { purpose: 'reset', ownerKey: addressTag, attemptId }
    },

    verifyCode: async ({ ownerKey, attemptId }, typed) => {
      const { attempt, failures } = keys.address(ownerKey)
      const answer = await run(verifyReset, { attempt: attempt(attemptId), failures },
        { candidates: codeCandidates(keyring, attemptId, typed), mostWrong, dailyFailures, attemptId })
      if (answer.outcome !== 'ok') throw refusal(answer)
      return { accountId: answer.accountId, credentialVersion: answer.credentialVersion }
    }
  }
}
