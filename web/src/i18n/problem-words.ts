import type { ProblemCode } from '../api/problem.ts'

/** What a refusal tells beside its code. */
export interface ProblemDetails { retryAfterSeconds?: number | undefined, attemptsLeft?: number | undefined }

export interface ProblemWords {
  title: string
  /** Says what to do next. */
  next: (details: ProblemDetails) => string
}

/** A code without a sentence stops the build. */
export type AllProblemWords = Record<ProblemCode, ProblemWords>
