import { say, sayWait } from '../../../src/platform/locales/bind-texts.ts'
import type { ProblemCode } from '@dvokrok/client'
import type { Words } from './index.ts'

/** Details of a problem that its text may use. */
export interface ProblemDetails { retryAfterSeconds?: number | undefined, attemptsLeft?: number | undefined }

/** Tells the user what to do next. */
export function nextStep ({ problems, wait }: Words, code: ProblemCode, { retryAfterSeconds, attemptsLeft }: ProblemDetails = {}): string {
  if (code === 'OTP_INVALID' && attemptsLeft !== undefined) {
    const { nextLast, nextLeft } = problems.OTP_INVALID
    return attemptsLeft === 0 ? nextLast : nextLeft({ attemptsLeft })
  }
  const tryAgain = retryAfterSeconds === undefined ? wait.tryAgain : wait.tryAgainIn({ wait: sayWait(wait, retryAfterSeconds) })
  return say(problems[code].next, { tryAgain })
}
