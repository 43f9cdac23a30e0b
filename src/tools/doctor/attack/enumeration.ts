import { fail, failIfAny, type Finding, pass, unchecked } from '../finding.ts'
import { newPassword, plusAddress, type Stage, type Victim } from './account.ts'
import { createVisitor, type Reply } from './visitor.ts'

const PAIRS = 10
const FEWEST_PAIRS = 5
/** A smaller difference cannot be seen over a network. */
const NOTICEABLE_MS = 8
const VARYING = new Set([
  'date', 'retry-after', 'x-ratelimit-remaining', 'x-ratelimit-reset', 'x-ratelimit-limit', 'x-request-id', 'connection', 'keep-alive',
  'age', 'cf-ray'
])

/** An answer, without what changes with every request. */
export interface Shape { status: number, code: unknown, headers: string[], fields: string[], cookies: string[] }

const kindOf = (value: unknown): string => typeof value === 'string' ? `${value.length} letters` : typeof value

export const shapeOf = ({ status, headers, setCookies, body }: Reply): Shape => ({
  status,
  code: body['code'],
  headers: Object.keys(headers).filter((name) => !VARYING.has(name)).toSorted(),
  fields: Object.entries(body).map(([name, value]) => `${name}: ${kindOf(value)}`).toSorted(),
  cookies: setCookies.map((line) => line.replace(/=([^;]*)/, (_all, value: string) => `=${value.length} letters`)).toSorted()
})

/** Sends the same three requests for an address that has an account and for one that has none. */
export async function compareAnswers (stage: Stage, victim: Victim): Promise<Finding> {
  const stranger = plusAddress(stage.operator)
  const questions: Array<[string, (email: string) => Record<string, unknown>]> = [
    ['/auth/login', (email) => ({ email, password: newPassword() })],
    ['/auth/password/forgot', (email) => ({ email })],
    ['/auth/register', (email) => ({ name: 'Dvokrok doctor', email, password: newPassword() })]
  ]
  const pairs: Array<[string, Shape, Shape]> = []
  for (const [path, body] of questions) {
    const ask = async (email: string): Promise<Shape> =>
      shapeOf(await createVisitor(stage.asker, stage.signal).insist(path, body(email)))
    pairs.push([path, await ask(victim.email), await ask(stranger)])
  }
  return judgeAnswers(pairs)
}

const PARTS = ['status', 'code', 'headers', 'fields', 'cookies'] as const

const isLimited = ({ status, code }: Shape): boolean => status >= 500 || code === 'TOO_MANY_REQUESTS' || code === 'CAPTCHA_REQUIRED'

export function judgeAnswers (pairs: Array<[path: string, known: Shape, unknown: Shape]>): Finding {
  if (pairs.some(([, ...shapes]) => shapes.some(isLimited))) {
    return unchecked('attack.answers', 'The limits did not let all requests through.', 'Run the doctor again in an hour.')
  }
  const differences = pairs.flatMap(([path, known, unknown]) => PARTS
    .filter((part) => JSON.stringify(known[part]) !== JSON.stringify(unknown[part]))
    .map((part) => `${path} reveals an account by its ${part}`))
  return failIfAny('attack.answers', differences, 'Answers do not reveal whether an address has an account.',
    'Make sure that no proxy treats these answers differently (by length or status), and that all servers run the same version.')
}

/** Times logins with a wrong password, alternating between the account and addresses without one. Milliseconds. */
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

/** Compares by the median of the differences and their median deviation, which a few slow answers do not change. */
export function judgeTiming (pairs: Array<[known: number, unknown: number]>): Finding {
  if (pairs.length < FEWEST_PAIRS) {
    return unchecked('attack.timing', `The limits let only ${pairs.length} pairs of logins through.`, 'Run the doctor again in an hour.')
  }
  const differences = pairs.map(([known, unknown]) => known - unknown)
  const middle = median(differences)
  // For the normal distribution: 1.4826 turns a median deviation into a standard deviation, and the error of a median is 1.2533 times that
  // of a mean.
  const error = 1.2533 * 1.4826 * median(differences.map((one) => Math.abs(one - middle))) / Math.sqrt(pairs.length)
  const typical = median(pairs.map(([, unknown]) => unknown))
  const smallest = Math.max(NOTICEABLE_MS, 3 * error, typical / 20)
  const message = `Logins took ${Math.abs(middle).toFixed(1)} ms ${middle < 0 ? 'less' : 'more'} with an account than without, ` +
    `of ${typical.toFixed(0)} ms; ${pairs.length} pairs would have shown ${smallest.toFixed(0)} ms.`
  if (smallest > Math.max(4 * NOTICEABLE_MS, typical / 2)) {
    return unchecked('attack.timing', `The times vary too much. ${message}`,
      'Run the doctor close to the server, and while there is little traffic.')
  }
  if (Math.abs(middle) <= smallest) return pass('attack.timing', message)
  return fail('attack.timing', `${message} That reveals who has an account.`,
    'Set the same BCRYPT_COST everywhere, and look for a proxy or a cache that treats these answers differently.')
}

function median (values: number[]): number {
  const sorted = values.toSorted((one, other) => one - other)
  const half = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? sorted[half] ?? 0 : ((sorted[half - 1] ?? 0) + (sorted[half] ?? 0)) / 2
}
