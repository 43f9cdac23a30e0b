import { Problem, retryAfter } from '../errors.ts'

/** The words with which scripts refuse, and what they say of it. */
export type Refusal =
  | { outcome: 'gone' | 'stale' | 'ended' | 'expired' | 'invalid' | 'cloned' }
  | { outcome: 'wrong', attemptsLeft: number, isBudgetSpent?: boolean }
  | { outcome: 'locked' | 'mails' | 'early', waitMs: number }

/** What a script's refusal means to the client. */
export function refusal (answer: Refusal): Problem {
  switch (answer.outcome) {
    case 'stale': return new Problem('CREDENTIALS_INVALID')
    case 'ended': return new Problem('SESSION_ENDED')
    case 'expired': return new Problem('OTP_EXPIRED')
    case 'wrong': {
      const { attemptsLeft, isBudgetSpent } = answer
      return new Problem('OTP_INVALID', { attemptsLeft, ...(isBudgetSpent ? { isBudgetSpent } : {}) })
    }
    case 'locked': return new Problem('OTP_ATTEMPTS_EXCEEDED', answer.waitMs > 0 ? retryAfter(answer.waitMs) : {})
    case 'mails': return new Problem('TOO_MANY_REQUESTS', retryAfter(answer.waitMs))
    case 'early': return new Problem('RESEND_TOO_EARLY', retryAfter(answer.waitMs))
    case 'invalid': return new Problem('PASSKEY_INVALID')
    case 'cloned': return new Problem('PASSKEY_INVALID', { isCloned: true })
    case 'gone': return new Problem('CHALLENGE_INVALID')
  }
}
