import type { FieldError, Problem, ProblemFacts } from '../../errors.ts'
import { type Locale, type Sentences, sentences } from '../locales/index.ts'

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8'

export interface ProblemDocument extends Omit<ProblemFacts, 'allow' | 'isBudgetSpent' | 'isSessionOver' | 'errors'> {
  type: string
  title: string
  status: number
  detail: string
  code: string
  requestId: string
  errors?: Array<{ path: string, message: string }>
}

/** A refusal as the client reads it (RFC 9457). */
export function problemDocument ({ code, statusCode, facts }: Problem, locale: Locale, requestId: string): ProblemDocument {
  const { allow: _header, isBudgetSpent: _forTheOwner, isSessionOver: _forCookies, errors, ...shown } = facts
  const { problems, validation } = sentences(locale)
  const { title, detail } = problems[code]
  return {
    type: `urn:dvokrok:problem:${code.toLowerCase().replaceAll('_', '-')}`,
    title,
    status: statusCode,
    detail: detail(facts),
    code,
    requestId,
    ...shown,
    ...(errors ? { errors: errors.map((error) => ({ path: error.path, message: describeFieldError(error, validation) })) } : {})
  }
}

function describeFieldError ({ reason, value = '' }: FieldError, say: Sentences['validation']): string {
  switch (reason) {
    case 'required': case 'additionalProperties': case 'type': return say[reason](String(value))
    case 'minLength': case 'maxLength': case 'passwordTooShort': case 'passwordTooLong': return say[reason](Number(value))
    case 'pattern': case 'email': case 'json':
    case 'passwordCommon': case 'passwordPersonal': case 'passwordGuessable': case 'passwordLeaked':
      return say[reason]
    default: return say.other
  }
}
