import { isSameSite } from '../../platform/config/origins.ts'
import type { Config } from '../../platform/config/config.ts'
import { fail, type Finding, pass, warn } from './finding.ts'
import { type Answer, type Asker, headerOf } from './http.ts'

/** What a page of this origin is told when it asks. */
export interface OriginFacts {
  origin: string
  isSameSite: boolean
  /** Whether it may call, or people are only sent back to it. */
  mayCall: boolean
  /** Before `POST /auth/refresh`, and `GET /auth/session`. */
  answers: Answer[]
}

/** Asks as the pages of every listed origin would. */
export async function lookAtLayout ({ target, ask }: Asker, { corsOrigins, returnOrigins }: Config): Promise<OriginFacts[]> {
  const origins = [...new Set([...corsOrigins, ...returnOrigins])].filter((origin) => origin !== target)
  return await Promise.all(origins.map(async (origin) => ({
    origin,
    isSameSite: isSameSite(origin, target),
    mayCall: corsOrigins.includes(origin),
    answers: await Promise.all([
      ask('/auth/refresh', { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST' } }),
      ask('/auth/session', { headers: { origin } })
    ])
  })))
}

const GUIDE = 'See docs/integrate.md.'

export function judgeLayout (facts: OriginFacts[]): Finding {
  const silent = facts.filter(({ mayCall, origin, answers }) => mayCall && !answers.every((answer) => isAllowed(answer, origin)))
  if (silent.length > 0) {
    return fail('layout.origins', `Pages of ${namesOf(silent)} may not read answers, although CORS_ORIGINS lists them.`,
      'Make the proxy pass Origin and OPTIONS requests to the server, and its Access-Control headers back, each once and unchanged.')
  }
  const withoutCookies = facts.filter(({ mayCall, isSameSite, answers }) => mayCall && isSameSite && !answers.every(allowsCookies))
  if (withoutCookies.length > 0) {
    return fail('layout.origins', `Browsers keep answers with cookies from pages of ${namesOf(withoutCookies)}.`,
      'Make the proxy pass Access-Control-Allow-Credentials back unchanged.')
  }
  const foreign = facts.filter(({ isSameSite }) => !isSameSite)
  if (foreign.length > 0) {
    return warn('layout.origins', `No cookie comes from another site, so nobody is signed in there: ${namesOf(foreign)}.`,
      `Use a sibling host or a proxy of its own. ${GUIDE}`)
  }
  const unheard = facts.filter(({ mayCall }) => !mayCall)
  if (unheard.length > 0) {
    return warn('layout.origins', `People are sent back to ${namesOf(unheard)}, whose pages may not ask who is signed in.`,
      `List it in CORS_ORIGINS too, unless its own server asks. ${GUIDE}`)
  }
  return pass('layout.origins', facts.length === 0
    ? 'No other origin is listed.'
    : `Pages of ${namesOf(facts)} can ask who is signed in, with cookies.`)
}

const isAllowed = (answer: Answer, origin: string): boolean => headerOf(answer, 'access-control-allow-origin') === origin
const allowsCookies = (answer: Answer): boolean => headerOf(answer, 'access-control-allow-credentials') === 'true'
const namesOf = (facts: OriginFacts[]): string => facts.map(({ origin }) => origin).join(', ')
