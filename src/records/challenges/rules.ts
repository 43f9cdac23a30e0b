import { hasLoginCode, type Purpose } from './challenge.ts'

/** Wrong codes in a row, over all attempts and factors, after which the step is locked until a reset or an admin lifts it (NIST 800-63B 3.2.2). */
export const LOCK_AFTER = 100

/** What the operator decided about codes. */
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

export const codeLifeMs = (rules: ChallengeRules, purpose: Purpose): number =>
  hasLoginCode(purpose) ? rules.loginCodeTtlMs : rules.signUpCodeTtlMs
