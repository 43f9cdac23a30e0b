import { toLocale } from '../accounts/account.ts'
import type { Account } from '../accounts/accounts-store.ts'
import { Problem, retryAfter } from '../errors.ts'
import { newId } from '../ids.ts'
import type { Keyring } from '../keyring.ts'
import type { Locale } from '../locales/index.ts'
import { keys } from '../redis/keys.ts'
import type { RunScript } from '../redis/scripts.ts'
import type { Client } from '../sessions/session.ts'
import type { SessionDraft } from '../sessions/sessions-store.ts'
import { attemptLifeMs, type Place } from './challenge.ts'
import { codeCandidates, keepCode, newCode, openCode } from './code.ts'

/** Wrong codes in a row, over all attempts and factors, after which the step is locked until a reset or an admin lifts it (NIST 800-63B 3.2.2). */
const LOCK_AFTER = 100

export interface ChallengeRules {
  codeLength: number
  loginCodeTtlMs: number
  signUpCodeTtlMs: number
  resendIntervalMs: number
  maxAttempts: number
  dailyFailures: number
  mailsPerHour: number
  mailsPerDay: number
}

/** A look at a running attempt, as a code page or the mail worker needs it. */
export interface ChallengeView {
  email: string
  name: string
  locale: Locale
  isSham: boolean
  attemptsLeft: number
  codeLeftMs: number
  resendLeftMs: number
  mailNo: number
  client: Client
  /** When it was opened, in milliseconds since the epoch. */
  at: number
  /** Null when the code was sealed under a SECRET that is no longer known. */
  code: string | null
}

export interface ChallengesStore {
  /** Opens a login attempt after a right password. @throws Problem CREDENTIALS_INVALID, OTP_ATTEMPTS_EXCEEDED, TOO_MANY_REQUESTS */
  openLogin: (account: Account, addressTag: string, client: Client) => Promise<Place>
  /** Judges a login code; a right one has opened the drafted session. @throws Problem CHALLENGE_INVALID, OTP_* */
  verifyLogin: (place: Place, typed: string, addressTag: string, draft: SessionDraft) => Promise<{ isKnownDevice: boolean, user: Array<string | null> }>
  /** @throws Problem CHALLENGE_INVALID, RESEND_TOO_EARLY, TOO_MANY_REQUESTS, OTP_ATTEMPTS_EXCEEDED */
  resend: (place: Place, addressTag: string) => Promise<{ codeLeftMs: number, mailNo: number }>
  /** Null when the attempt is over: expired, used, used up, or overtaken by a change of the account. */
  look: (place: Place) => Promise<ChallengeView | null>
}

type Refusal = ['gone'] | ['stale'] | ['expired'] | ['wrong', number] | ['locked', number] | ['mails', number] | ['early', number]

/** What a script's refusing word means to the client. */
export function refusal (answer: Refusal): Problem {
  switch (answer[0]) {
    case 'stale': return new Problem('CREDENTIALS_INVALID')
    case 'expired': return new Problem('OTP_EXPIRED')
    case 'wrong': return new Problem('OTP_INVALID', { attemptsLeft: answer[1] })
    case 'locked': return new Problem('OTP_ATTEMPTS_EXCEEDED', answer[1] > 0 ? retryAfter(answer[1]) : {})
    case 'mails': return new Problem('TOO_MANY_REQUESTS', retryAfter(answer[1]))
    case 'early': return new Problem('RESEND_TOO_EARLY', retryAfter(answer[1]))
    default: return new Problem('CHALLENGE_INVALID')
  }
}

export const codeLifeMs = (rules: ChallengeRules, purpose: Place['purpose']): number =>
  purpose === 'login' ? rules.loginCodeTtlMs : rules.signUpCodeTtlMs

const homeOf = (place: Place) => place.purpose === 'login' ? keys.account(place.home) : keys.address(place.home)

export function createChallengesStore (run: RunScript, keyring: Keyring, rules: ChallengeRules): ChallengesStore {
  return {
    openLogin: async (account, addressTag, client) => {
      const place: Place = { purpose: 'login', home: account.id, attemptId: newId() }
      const { codeMac, codeSealed } = keepCode(keyring, place.attemptId, newCode(rules.codeLength))
      const key = keys.account(account.id)
      const answer = await run<['ok'] | Refusal>('login-open',
        [key.record, key.attempt(place.attemptId), key.attempts, key.mails, key.failures],
        [place.attemptId, account.credentialVersion, rules.mailsPerHour, rules.mailsPerDay, rules.dailyFailures, LOCK_AFTER,
          attemptLifeMs('login', rules.loginCodeTtlMs), rules.loginCodeTtlMs, rules.resendIntervalMs,
          'codeMac', codeMac, 'codeSealed', codeSealed, 'addressTag', addressTag, 'ip', client.ip, 'device', client.device])
      if (answer[0] !== 'ok') throw refusal(answer)
      return place
    },

    verifyLogin: async (place, typed, addressTag, draft) => {
      const key = keys.account(place.home)
      const answer = await run<['ok', number, Array<string | null>] | Refusal>('login-verify',
        [key.record, key.attempt(place.attemptId), key.attempts, key.failures, ...draft.keys],
        [addressTag, codeCandidates(keyring, place.attemptId, typed), rules.maxAttempts, rules.dailyFailures, LOCK_AFTER, place.attemptId, ...draft.args])
      if (answer[0] !== 'ok') throw refusal(answer)
      return { isKnownDevice: answer[1] === 1, user: answer[2] }
    },

    resend: async (place, addressTag) => {
      const key = homeOf(place)
      const { codeMac, codeSealed } = keepCode(keyring, place.attemptId, newCode(rules.codeLength))
      const answer = await run<['ok', number, number] | Refusal>('attempt-resend',
        [key.attempt(place.attemptId), key.mails, key.failures, ...(place.purpose === 'login' ? [keys.account(place.home).record] : [])],
        [addressTag, rules.maxAttempts, rules.mailsPerHour, rules.mailsPerDay, rules.resendIntervalMs, codeLifeMs(rules, place.purpose),
          codeMac, codeSealed, place.attemptId, rules.dailyFailures, LOCK_AFTER])
      if (answer[0] !== 'ok') throw refusal(answer)
      return { codeLeftMs: answer[1], mailNo: answer[2] }
    },

    look: async (place) => {
      const isLogin = place.purpose === 'login'
      const answer = await run<['ok', number, number, string[], Array<string | null>] | ['gone']>('attempt-look',
        [homeOf(place).attempt(place.attemptId), ...(isLogin ? [keys.account(place.home).record] : [])], [])
      if (answer[0] === 'gone') return null
      const [, redisNow, , pairs, [email, name, locale, status, credentialVersion]] = answer
      const attempt = toRecord(pairs)
      const attemptsLeft = rules.maxAttempts - Number(attempt['wrong'])
      if (attemptsLeft <= 0 || attempt['provenAt']) return null
      if (isLogin && (status !== 'active' || credentialVersion !== attempt['credentialVersion'])) return null
      return {
        email: (isLogin ? email : attempt['email']) ?? '',
        name: (isLogin ? name : attempt['name']) ?? '',
        locale: toLocale(isLogin ? locale : attempt['locale']),
        isSham: attempt['sham'] === '1',
        attemptsLeft,
        codeLeftMs: Math.max(0, Number(attempt['codeExpiresAt']) - redisNow),
        resendLeftMs: Math.max(0, Number(attempt['resendAt']) - redisNow),
        mailNo: Number(attempt['mailNo']),
        at: Number(attempt['createdAt']),
        client: { ip: attempt['ip'] ?? '', device: attempt['device'] ?? '' },
        code: openCode(keyring, place.attemptId, attempt['codeSealed'] ?? '')
      }
    }
  }
}

function toRecord (pairs: string[]): Record<string, string | undefined> {
  const record: Record<string, string | undefined> = {}
  for (let i = 0; i < pairs.length; i += 2) record[pairs[i] as string] = pairs[i + 1]
  return record
}
