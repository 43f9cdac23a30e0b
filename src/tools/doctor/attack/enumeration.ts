import { fail, failIfAny, type Finding, pass, unchecked } from '../finding.ts'
import { newPassword, plusAddress, type Stage, type Victim } from './account.ts'
import { createVisitor, type Reply } from './visitor.ts'

const PAIRS = 10
const FEWEST_PAIRS = 5
/** A difference below this is lost in any network. */
const NOTICEABLE_MS = 8
const VARYING = new Set(['date', 'retry-after', 'x-ratelimit-remaining', 'x-ratelimit-reset', 'x-ratelimit-limit', 'x-request-id', 'connection', 'keep-alive', 'age', 'cf-ray'])

/** An answer without what differs from request to request. */
export interface Shape { status: number, code: unknown, headers: string[], fields: string[], cookies: string[] }

export const shapeOf = ({ status, headers, setCookies, body }: Reply): Shape => ({
  status,
  code: body['code'],
  headers: Object.keys(headers).filter((name) => !VARYING.has(name)).toSorted(),
  fields: Object.entries(body).map(([name, value]) => `${name}: ${typeof value === 'string' ? `${value.length} letters` : typeof value}`).toSorted(),
  cookies: setCookies.map((line) => line.replace(/=([^;]*)/, (_all, value: string) => `=${value.length} letters`)).toSorted()
})

/** The same three questions about an address that has an account and about one that has none. */
export async function compareAnswers (stage: Stage, victim: Victim): Promise<Finding> {
  const stranger = plusAddress(stage.operator)
  const questions: Array<[string, (email: string) => Record<string, unknown>]> = [
    ['/auth/login', (email) => ({ email, password: newPassword() })],
    ['/auth/password/forgot', (email) => ({ email })],
    ['/auth/register', (email) => ({ name: 'Dvokrok doctor', email, password: newPassword() })]
  ]
  const pairs: Array<[string, Shape, Shape]> = []
  for (const [path, body] of questions) {
    const ask = async (email: string): Promise<Shape> => shapeOf(await createVisitor(stage.asker, stage.signal).insist(path, body(email)))
    pairs.push([path, await ask(victim.email), await ask(stranger)])
  }
  return judgeAnswers(pairs)
}

export function judgeAnswers (pairs: Array<[path: string, known: Shape, unknown: Shape]>): Finding {
  if (pairs.some(([, ...shapes]) => shapes.some(({ status, code }) => status >= 500 || code === 'TOO_MANY_REQUESTS' || code === 'CAPTCHA_REQUIRED'))) {
    return unchecked('attack.answers', 'The limits did not let all questions through.', 'Run it again in an hour.')
  }
  const different = pairs.flatMap(([path, known, unknown]) =>
    (['status', 'code', 'headers', 'fields', 'cookies'] as const).filter((part) => JSON.stringify(known[part]) !== JSON.stringify(unknown[part])).map((part) => `${path} tells an account by its ${part}`))
  return failIfAny('attack.answers', different, 'Answers do not tell whether an address has an account.', 'Let no proxy treat these answers differently (by length, by status), and run the same version everywhere.')
}

/** Wrong passwords for the account and for addresses without one, in turns, in an order that changes. Milliseconds, pair by pair. */
export async function timeLogins (stage: Stage, victim: Victim): Promise<Array<[known: number, unknown: number]>> {
  const time = async (email: string): Promise<number | null> => {
    const reply = await createVisitor(stage.asker, stage.signal).insist('/auth/login', { email, password: newPassword() })
    return reply.status === 401 ? reply.milliseconds : null
  }
  const pairs: Array<[number, number]> = []
  for (let pair = 0; pair < PAIRS; pair++) {
    const [first, second] = pair % 2 === 0 ? [victim.email, plusAddress(stage.operator)] : [plusAddress(stage.operator), victim.email]
    const [one, other] = [await time(first), await time(second)]
    if (one === null || other === null) break
    pairs.push(pair % 2 === 0 ? [one, other] : [other, one])
  }
  return pairs
}

/** By the median of the differences and their median deviation: a few slow answers, as on any network, change neither. */
export function judgeTiming (pairs: Array<[known: number, unknown: number]>): Finding {
  if (pairs.length < FEWEST_PAIRS) return unchecked('attack.timing', `The limits let only ${pairs.length} pairs of logins through.`, 'Run it again in an hour.')
  const differences = pairs.map(([known, unknown]) => known - unknown)
  const middle = median(differences)
  // 1.4826 makes a median deviation a standard deviation (for the normal distribution), 1.2533 is what a median is less sure than a mean.
  const error = 1.2533 * 1.4826 * median(differences.map((one) => Math.abs(one - middle))) / Math.sqrt(pairs.length)
  const typical = median(pairs.map(([, unknown]) => unknown))
  const smallest = Math.max(NOTICEABLE_MS, 3 * error, typical / 20)
  const message = `Logins took ${Math.abs(middle).toFixed(1)} ms ${middle < 0 ? 'less' : 'more'} with an account than without, ${typical.toFixed(0)} ms each; ${pairs.length} pairs would have shown ${smallest.toFixed(0)} ms.`
  if (smallest > Math.max(4 * NOTICEABLE_MS, typical / 2)) return unchecked('attack.timing', `Answers vary too much to tell. ${message}`, 'Run it near the server, and when little is going on.')
  return Math.abs(middle) > smallest
    ? fail('attack.timing', `${message} That tells who has an account.`, 'Set the same BCRYPT_COST everywhere, and look for a proxy or a cache that treats these answers differently.')
    : pass('attack.timing', message)
}

function median (values: number[]): number {
  const sorted = values.toSorted((one, other) => one - other)
  const half = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? sorted[half] ?? 0 : ((sorted[half - 1] ?? 0) + (sorted[half] ?? 0)) / 2
}
