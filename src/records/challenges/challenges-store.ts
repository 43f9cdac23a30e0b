import { type SecondFactor, secondFactors, toLocale } from '../accounts/account.ts'
import type { Account } from '../accounts/accounts-store.ts'
import { type EventName, encodeActor } from '../activity/activity.ts'
import { newId } from '../../platform/ids.ts'
import type { Keyring } from '../../platform/keyring.ts'
import type { Locale } from '../../platform/locales/index.ts'
import { keys } from '../../platform/redis/keys.ts'
import type { RunScript } from '../../platform/redis/scripts.ts'
import type { Client } from '../sessions/session.ts'
import type { SessionDraft } from '../sessions/sessions-store.ts'
import { attemptLifeMs, type Channel, isWithAccount, type Method, type ChallengeRef, type Purpose } from './challenge.ts'
import { keepCode, newCode, openCode } from './code.ts'
import { type Refusal, refusal } from '../refusals.ts'
import { type ChallengeRules, codeLifeMs, LOCK_AFTER } from './rules.ts'

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

/** What was typed, made ready for `judge` in _judge.lua. */
export interface TypedProof { challenge: ChallengeRef, addressTag: string, method: Method, proof: string }

/** A look at a running attempt, as a code page or the mail worker needs it. */
export interface ChallengeView {
  email: string
  name: string
  locale: Locale
  phone: string
  factors: SecondFactor[]
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
  verifyLogin: (typed: TypedProof, client: Client, draft: SessionDraft) => Promise<{ isKnownDevice: boolean, user: Array<string | null> }>
  /** @throws Problem CHALLENGE_INVALID, RESEND_TOO_EARLY, TOO_MANY_REQUESTS, OTP_ATTEMPTS_EXCEEDED */
  resend: (challenge: ChallengeRef, addressTag: string, channel: Channel, client: Client) => Promise<{ codeLeftMs: number, mailNo: number }>
  /** Null when the attempt is over: expired, used, used up, or overtaken by a change of the account. */
  look: (challenge: ChallengeRef) => Promise<ChallengeView | null>
  /** The arguments that `judge` in _judge.lua takes. */
  judgeArgs: (typed: TypedProof) => Array<string | number>
}

const ownerOf = (challenge: ChallengeRef) => isWithAccount(challenge) ? keys.account(challenge.ownerKey) : keys.address(challenge.ownerKey)

export function createChallengesStore (run: RunScript, keyring: Keyring, rules: ChallengeRules): ChallengesStore {
  const judgeArgs: ChallengesStore['judgeArgs'] = ({ challenge, addressTag, method, proof }) =>
    [addressTag, challenge.purpose, method, proof, rules.maxAttempts, rules.dailyFailures, LOCK_AFTER, challenge.attemptId]

  return {
    judgeArgs,

    open: async ({ purpose, account, addressTag, channel, client, event, attemptId = newId(), extra = {} }) => {
      const challenge: ChallengeRef = { purpose, ownerKey: account.id, attemptId }
      const lifeMs = codeLifeMs(rules, purpose)
      const fields = {
        purpose,
        addressTag,
        ip: client.ip,
        device: client.device,
        ...extra,
        ...(channel ? { channel, ...keepCode(keyring, attemptId, newCode(rules.codeLength)) } : {})
      }
      const key = keys.account(account.id)
      const answer = await run<['ok'] | Refusal>('attempt-open',
        [key.record, key.attempt(attemptId), key.attempts, key.mails, key.failures],
        [attemptId, account.credentialVersion, rules.mailsPerHour, rules.mailsPerDay, rules.dailyFailures, LOCK_AFTER,
          attemptLifeMs(purpose, lifeMs), channel ? lifeMs : 0, rules.resendIntervalMs, encodeActor(client), event, ...Object.entries(fields).flat()])
      if (answer[0] !== 'ok') throw refusal(answer)
      return challenge
    },

    verifyLogin: async (typed, client, draft) => {
      const key = keys.account(typed.challenge.ownerKey)
      const answer = await run<['ok', number, Array<string | null>] | Refusal>('login-verify',
        [key.record, key.attempt(typed.challenge.attemptId), key.failures, ...draft.keys],
        [...judgeArgs(typed), encodeActor(client), ...draft.args], draft.once)
      if (answer[0] !== 'ok') throw refusal(answer)
      return { isKnownDevice: answer[1] === 1, user: answer[2] }
    },

    resend: async (challenge, addressTag, channel, client) => {
      const key = ownerOf(challenge)
      const { codeMac, codeSealed } = keepCode(keyring, challenge.attemptId, newCode(rules.codeLength))
      const answer = await run<['ok', number, number] | Refusal>('attempt-resend',
        [key.attempt(challenge.attemptId), key.mails, key.failures, ...(isWithAccount(challenge) ? [keys.account(challenge.ownerKey).record] : [])],
        [addressTag, rules.maxAttempts, rules.mailsPerHour, rules.mailsPerDay, rules.resendIntervalMs, codeLifeMs(rules, challenge.purpose),
          codeMac, codeSealed, challenge.attemptId, rules.dailyFailures, LOCK_AFTER, channel, encodeActor(client)])
      if (answer[0] !== 'ok') throw refusal(answer)
      return { codeLeftMs: answer[1], mailNo: answer[2] }
    },

    look: async (challenge) => {
      const isOfAccount = isWithAccount(challenge)
      const answer = await run<['ok', number, number, string[], Array<string | null>] | ['gone']>('attempt-look',
        [ownerOf(challenge).attempt(challenge.attemptId), ...(isOfAccount ? [keys.account(challenge.ownerKey).record] : [])], [])
      if (answer[0] === 'gone') return null
      const [, redisNow, , pairs, [email, name, locale, status, credentialVersion, emailCode, totp, phone]] = answer
      const fields = toRecord(pairs)
      const attemptsLeft = rules.maxAttempts - Number(fields['wrong'])
      if (attemptsLeft <= 0 || fields['provenAt'] || fields['purpose'] !== challenge.purpose) return null
      if (isOfAccount && (status !== 'active' || credentialVersion !== fields['credentialVersion'])) return null
      return {
        email: (isOfAccount ? email : fields['email']) ?? '',
        name: (isOfAccount ? name : fields['name']) ?? '',
        locale: toLocale(isOfAccount ? locale : fields['locale']),
        phone: phone ?? '',
        factors: secondFactors({ emailCode, totp, phone }),
        channel: fields['channel'] === 'sms' || fields['channel'] === 'email' ? fields['channel'] : null,
        isDecoy: fields['decoy'] === '1',
        attemptsLeft,
        codeLeftMs: Math.max(0, Number(fields['codeExpiresAt']) - redisNow),
        resendLeftMs: Math.max(0, Number(fields['resendAt']) - redisNow),
        mailNo: Number(fields['mailNo']),
        at: Number(fields['createdAt']),
        client: { ip: fields['ip'] ?? '', device: fields['device'] ?? '' },
        code: openCode(keyring, challenge.attemptId, fields['codeSealed'] ?? ''),
        fields
      }
    }
  }
}

function toRecord (pairs: string[]): Record<string, string | undefined> {
  const record: Record<string, string | undefined> = {}
  for (let i = 0; i < pairs.length; i += 2) record[pairs[i] as string] = pairs[i + 1]
  return record
}
