import type { ProblemCode } from '../../errors.ts'

/** What a refusal can tell about itself; each is there only when it is known. */
export interface SentenceFacts {
  retryAfterSeconds?: number
  attemptsLeft?: number
  allow?: string
}

export interface ProblemSentence {
  title: string
  /** Says what to do next. */
  detail: (facts: SentenceFacts) => string
}

export type ProblemSentences = Record<ProblemCode, ProblemSentence>
