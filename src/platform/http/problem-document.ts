import type { Problem, ProblemFacts } from '../../errors.ts'
import { type Locale, sentences } from '../locales/index.ts'

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8'

export interface ProblemDocument extends Omit<ProblemFacts, 'allow' | 'isBudgetSpent'> {
  type: string
  title: string
  status: number
  detail: string
  code: string
  requestId: string
}

/** A refusal as the client reads it (RFC 9457). */
export function problemDocument ({ code, statusCode, facts }: Problem, locale: Locale, requestId: string): ProblemDocument {
  const { allow: _header, isBudgetSpent: _forTheOwner, ...shown } = facts
  const { title, detail } = sentences(locale).problems[code]
  return {
    type: `urn:dvokrok:problem:${code.toLowerCase().replaceAll('_', '-')}`,
    title,
    status: statusCode,
    detail: detail(facts),
    code,
    requestId,
    ...shown
  }
}
