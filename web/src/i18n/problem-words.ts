import type { ProblemCode } from '../api/problem.ts'

/** Details of a problem that its text may use. */
export interface ProblemDetails { retryAfterSeconds?: number | undefined, attemptsLeft?: number | undefined }

export interface ProblemWords {
  title: string
  /** Tells the user what to do next. */
  next: (details: ProblemDetails) => string
}

/** A problem code without a text fails the type check. */
export type AllProblemWords = Record<ProblemCode, ProblemWords>
