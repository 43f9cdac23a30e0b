import { readUser, type SecondFactor, secondFactors } from '../accounts/account.ts'
import type { Account } from '../accounts/accounts-store.ts'
import type { EventName } from '../activity/activity.ts'
import type { Client } from '../activity/actor.ts'
import { newId } from '../../platform/ids.ts'
import type { Keyring } from '../../platform/keyring.ts'
import { type Locale, toLocale } from '../../platform/locales/index.ts'
import { keys } from '../../platform/redis/keys.ts'
import type { RunScript } from '../../platform/redis/script.ts'
import type { OpenedSession } from '../sessions/session.ts'
import type { SessionDraft } from '../sessions/sessions-store.ts'
import {
  attemptLifeMs, type ChallengeRef, type ChallengeRules, type Channel, codeLifeMs, isWithAccount, keepCode, LOCK_AFTER, type Method,
  newCode, openCode, openEmail, type Purpose
} from './challenge.ts'
import { findAttempt, openAttempt, resendCode, verifyLogin } from './challenge-scripts.ts'
import { refusal } from '../refusals.ts'

/** An attempt of an account that is about to be opened. */
export interface NewAttempt {
  purpose: Purpose
  account: Pick<Account, 'id' | 'credentialVersion'>
  /** What `email` in a later request must match; '' when it is not asked. */
  addressTag: string
  /** How the code travels; null when none is sent before it is asked for. */
  channel: Channel | null
  client: Client
  /** What the log is told; '' when it was told already by what leads to this attempt. */
  event: EventName | ''
  /** Given where there can be one attempt only, such as one reauthentication per session. */
  attemptId?: string
  /** What only this purpose keeps, such as the new address. Never a secret in clear. */
  extra?: Record<string, string>
}

/** What was typed, made ready for `judge` in _judge.lua. `addressTag`: what the attempt must be of, '' for any. */
export interface TypedProof { challenge: ChallengeRef, addressTag: string, method: Method, proof: string }

/** The values of `judgeArgs` in challenge-scripts.ts. */
export interface JudgeArgs {
  addressTag: string
  purpose: Purpose
  method: Method
  proof: string
  mostWrong: number
  dailyFailures: number
  lockAfter: number
  attemptId: string
}

/** A look at a running attempt, as a code page or the mail worker needs it. */
export interface ChallengeView {
  email: string
  name: string
  locale: Locale
  phone: string
  factors: SecondFactor[]
  hasRecoveryCodes: boolean
  /** How the last code travelled; null when none was sent yet. */
  channel: Channel | null
  isDecoy: boolean
  attemptsLeft: number
  codeLeftMs: number
  resendLeftMs: number
  mailNo: number
  client: Client
  /** When it was opened, in milliseconds since the epoch. */
  at: number
  /** Null when there is none, or it was sealed under a SECRET that is no longer known. */
  code: string | null
  /** Every field of the record, for what only one purpose keeps. */
  fields: Record<string, string | undefined>
}

export interface ChallengesStore {
  /** @throws Problem CREDENTIALS_INVALID (the account changed meanwhile), OTP_ATTEMPTS_EXCEEDED, TOO_MANY_REQUESTS */
  open: (attempt: NewAttempt) => Promise<ChallengeRef>
  /** Judges a login code; a right one has opened the drafted session. @throws Problem CHALLENGE_INVALID, OTP_* */
  verifyLogin: (typed: TypedProof, draft: SessionDraft) => Promise<OpenedSession>
  /** @throws Problem CHALLENGE_INVALID, RESEND_TOO_EARLY, TOO_MANY_REQUESTS, OTP_ATTEMPTS_EXCEEDED */
  resend: (
    challenge: ChallengeRef, by: { addressTag: string, channel: Channel, client: Client }
  ) => Promise<{ codeLeftMs: number, mailNo: number }>
  /** Null when the attempt is over: expired, used, used up, or overtaken by a change of the account. */
  find: (challenge: ChallengeRef) => Promise<ChallengeView | null>
  /** For scripts that judge what was typed. */
  judgeArgs: (typed: TypedProof) => JudgeArgs
}

const ownerOf = (challenge: ChallengeRef) => isWithAccount(challenge) ? keys.account(challenge.ownerKey) : keys.address(challenge.ownerKey)

export function createChallengesStore (run: RunScript, keyring: Keyring, rules: ChallengeRules): ChallengesStore {
  const { codeLength, maxAttempts: mostWrong, dailyFailures, mailsPerHour, mailsPerDay, resendIntervalMs } = rules
  const judgeArgs: ChallengesStore['judgeArgs'] = ({ challenge: { purpose, attemptId }, addressTag, method, proof }) =>
    ({ addressTag, purpose, method, proof, mostWrong, dailyFailures, lockAfter: LOCK_AFTER, attemptId })

  return {
    judgeArgs,

    open: async ({ purpose, account, addressTag, channel, client, event, attemptId = newId(), extra = {} }) => {
      const lifeMs = codeLifeMs(rules, purpose)
      const key = keys.account(account.id)
      const { record, attempts, mails, failures } = key
      const answer = await run(openAttempt, { account: record, attempt: key.attempt(attemptId), attempts, mails, failures }, {
        attemptId,
        credentialVersion: account.credentialVersion,
        mailsPerHour,
        mailsPerDay,
        dailyFailures,
        lockAfter: LOCK_AFTER,
        lifeMs: attemptLifeMs(purpose, lifeMs),
        codeLifeMs: channel ? lifeMs : undefined,
        resendIntervalMs,
        actor: client,
        event,
        fields: {
          purpose,
          addressTag,
          ip: client.ip,
          device: client.device,
          ...extra,
          ...(channel ? { channel, ...keepCode(keyring, attemptId, newCode(codeLength)) } : {})
        }
      })
      if (answer.outcome !== 'ok') throw refusal(answer)
      return { purpose, ownerKey: account.id, attemptId }
    },

    verifyLogin: async (typed, draft) => {
      const { ownerKey, attemptId } = typed.challenge
      const key = keys.account(ownerKey)
      const answer = await run(verifyLogin, { account: key.record, attempt: key.attempt(attemptId), failures: key.failures, ...draft.keys },
        { ...judgeArgs(typed), ...draft.args }, draft.record)
      if (answer.outcome !== 'ok') throw refusal(answer)
      return { ...answer, user: readUser(ownerKey, answer.user) }
    },

    resend: async (challenge, { addressTag, channel, client }) => {
      const { ownerKey, attemptId, purpose } = challenge
      const { attempt, mails, failures } = ownerOf(challenge)
      const account = isWithAccount(challenge) ? keys.account(ownerKey).record : undefined
      const answer = await run(resendCode, { attempt: attempt(attemptId), mails, failures, account }, {
        addressTag,
        mostWrong,
        mailsPerHour,
        mailsPerDay,
        resendIntervalMs,
        codeLifeMs: codeLifeMs(rules, purpose),
        ...keepCode(keyring, attemptId, newCode(codeLength)),
        attemptId,
        dailyFailures,
        lockAfter: LOCK_AFTER,
        channel,
        actor: client
      })
      if (answer.outcome !== 'ok') throw refusal(answer)
      return { codeLeftMs: answer.codeLeftMs, mailNo: answer.mailNo }
    },

    find: async (challenge) => {
      const isOfAccount = isWithAccount(challenge)
      const answer = await run(findAttempt, {
        attempt: ownerOf(challenge).attempt(challenge.attemptId),
        account: isOfAccount ? keys.account(challenge.ownerKey).record : undefined
      }, {})
      if (answer.outcome === 'gone') return null
      const { nowMs, fields, account } = answer
      const [email, name, locale, status, credentialVersion, emailCode, totp, phone, passkeys, recovery] = account
      const attemptsLeft = mostWrong - Number(fields['wrong'])
      if (attemptsLeft <= 0 || fields['provenAt'] || fields['purpose'] !== challenge.purpose) return null
      if (isOfAccount && (status !== 'active' || credentialVersion !== fields['credentialVersion'])) return null
      return {
        email: (isOfAccount ? email : openEmail(keyring, challenge.attemptId, fields['emailSealed'] ?? '')) ?? '',
        name: (isOfAccount ? name : fields['name']) ?? '',
        locale: toLocale(isOfAccount ? locale : fields['locale']),
        phone: phone ?? '',
        factors: secondFactors({ emailCode, totp, phone, passkeys }),
        hasRecoveryCodes: recovery === '1',
        channel: fields['channel'] === 'sms' || fields['channel'] === 'email' ? fields['channel'] : null,
        isDecoy: fields['decoy'] === '1',
        attemptsLeft,
        codeLeftMs: Math.max(0, Number(fields['codeExpiresAt']) - nowMs),
        resendLeftMs: Math.max(0, Number(fields['resendAt']) - nowMs),
        mailNo: Number(fields['mailNo']),
        at: Number(fields['createdAt']),
        client: { ip: fields['ip'] ?? '', device: fields['device'] ?? '' },
        code: openCode(keyring, challenge.attemptId, fields['codeSealed'] ?? ''),
        fields
      }
    }
  }
}
