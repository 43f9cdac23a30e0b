import type { FieldError, Problem, ProblemFacts } from '../../errors.ts'
import { say, sayWait } from '../locales/bind-texts.ts'
import { type Locale, offeredLocales, sentences, type Texts } from '../locales/index.ts'

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
export function problemDocument (problem: Problem, locale: Locale, requestId: string): ProblemDocument {
  const { code, statusCode, facts } = problem
  const { allow: _header, isBudgetSpent: _forTheOwner, isSessionOver: _forCookies, errors, ...shown } = facts
  const texts = sentences(locale)
  return {
    type: `urn:dvokrok:problem:${code.toLowerCase().replaceAll('_', '-')}`,
    title: texts.problems[code].title,
    status: statusCode,
    detail: detailOf(problem, texts),
    code,
    requestId,
    ...shown,
    ...(errors ? { errors: errors.map((error) => ({ path: error.path, message: describeFieldError(error, texts.validation) })) } : {})
  }
}

/** What to do next, as far as it is known. */
export function detailOf ({ code, facts }: Pick<Problem, 'code' | 'facts'>, { problems, wait }: Pick<Texts, 'problems' | 'wait'>): string {
  const { retryAfterSeconds, attemptsLeft, allow } = facts
  const inWords = retryAfterSeconds === undefined ? undefined : sayWait(wait, retryAfterSeconds)
  if (code === 'OTP_INVALID' && attemptsLeft !== undefined) {
    const { detailLast, detailLeft } = problems.OTP_INVALID
    return attemptsLeft === 0 ? detailLast : detailLeft({ attemptsLeft })
  }
  if (code === 'METHOD_NOT_ALLOWED' && allow) return problems.METHOD_NOT_ALLOWED.detailAllowed({ allow })
  if (code === 'RESEND_TOO_EARLY' && inWords) return problems.RESEND_TOO_EARLY.detailWait({ wait: inWords })
  return say(problems[code].detail, { tryAgain: inWords ? wait.tryAgainIn({ wait: inWords }) : wait.tryAgain })
}

function describeFieldError ({ reason, value = '' }: FieldError, say: Texts['validation']): string {
  switch (reason) {
    case 'required': case 'additionalProperties': return say[reason]({ field: value })
    case 'type': return say.type({ expected: isTypeName(value, say.types) ? say.types[value] : value })
    case 'minLength': return Number(value) <= 1 ? say.empty : say.minLength({ n: Number(value) })
    case 'maxLength': case 'passwordTooShort': case 'passwordTooLong': return say[reason]({ n: Number(value) })
    case 'locale': return say.enum({ values: offeredLocales().join(', ') })
    case 'pattern': case 'email': case 'json':
    case 'passwordCommon': case 'passwordPersonal': case 'passwordGuessable': case 'passwordLeaked':
      return say[reason]
    default: return say.other
  }
}

const isTypeName = (value: string | number, types: Texts['validation']['types']): value is keyof Texts['validation']['types'] =>
  Object.hasOwn(types, value)
