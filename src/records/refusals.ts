import { Problem, retryAfter } from '../errors.ts'

/** The words with which scripts refuse. */
export type Refusal = ['gone'] | ['stale'] | ['ended'] | ['expired'] | ['wrong', number, number?] | ['locked', number] | ['mails', number] | ['early', number]

/** What a script's refusing word means to the client. */
export function refusal (answer: Refusal): Problem {
  switch (answer[0]) {
    case 'stale': return new Problem('CREDENTIALS_INVALID')
    case 'ended': return new Problem('SESSION_ENDED')
    case 'expired': return new Problem('OTP_EXPIRED')
    case 'wrong': return new Problem('OTP_INVALID', { attemptsLeft: answer[1], ...(answer[2] === 1 ? { isBudgetSpent: true } : {}) })
    case 'locked': return new Problem('OTP_ATTEMPTS_EXCEEDED', answer[1] > 0 ? retryAfter(answer[1]) : {})
    case 'mails': return new Problem('TOO_MANY_REQUESTS', retryAfter(answer[1]))
    case 'early': return new Problem('RESEND_TOO_EARLY', retryAfter(answer[1]))
    default: return new Problem('CHALLENGE_INVALID')
  }
}
