import { fail, type Finding, pass, unchecked } from '../finding.ts'
import { passwordStep, type Stage, Unexpected, type Victim } from './account.ts'
import type { Reply, Visitor } from './visitor.ts'

const CODES_AT_ONCE = 50
const REFRESHES_AT_ONCE = 20

export interface SignedIn { visitor: Visitor, token: string }

/** Sends one right code fifty times at once. The session that it opens is used by the following attacks. */
export async function raceCode (stage: Stage, victim: Victim): Promise<{ finding: Finding, signedIn: SignedIn }> {
  const { visitor, reply, pending } = await passwordStep(stage, victim)
  if (pending === null) throw new Unexpected('the login', reply)
  const otp = await stage.codes.next(victim.email, 'sign-in')
  const replies = await Promise.all(Array.from({ length: CODES_AT_ONCE }, async () =>
    await visitor.send('/auth/verify-otp', { otp }, { token: pending })))
  const winner = replies.find(({ status }) => status === 200)
  if (!winner) throw new Unexpected('the right code', replies[0] ?? reply)
  return {
    finding: judgeCodeRace(replies.map(({ status }) => status)),
    signedIn: { visitor, token: String(winner.body['accessToken']) }
  }
}

export function judgeCodeRace (statuses: number[]): Finding {
  const wins = statuses.filter((status) => status === 200).length
  if (wins === 0) return unchecked('attack.code-race', `A right code, sent ${statuses.length} times at once, was never accepted.`)
  if (wins === 1) return pass('attack.code-race', `A code that was sent ${statuses.length} times at once was accepted once.`)
  return fail('attack.code-race', `A code that was sent ${statuses.length} times at once was accepted ${wins} times.`,
    'Redis must run each script as a whole: look for a Redis proxy that splits them, or for a modified server.')
}

/** Sends one refresh cookie twenty times at once. */
export async function raceRefresh ({ visitor }: SignedIn): Promise<Finding> {
  const replies = await Promise.all(Array.from({ length: REFRESHES_AT_ONCE }, async () => await visitor.send('/auth/refresh')))
  // An answer of 5xx is neither a refusal nor a successor.
  return judgeRefreshRace(replies.filter(({ status }) => status < 500).map(successorOf))
}

function successorOf ({ status, setCookies }: Reply): string | null {
  if (status !== 200) return null
  return setCookies.map((line) => /^(?:__Host-)?refresh=([^;]+)/.exec(line)?.[1]).find((value) => value !== undefined) ?? null
}

const SHARED_REMEDY = 'All servers need the same SECRET and the same Redis.'

/** `successors`: the cookie of each answer, null for a refusal. */
export function judgeRefreshRace (successors: Array<string | null>): Finding {
  const given = successors.filter((one) => one !== null)
  const different = new Set(given).size
  if (different === 0) return unchecked('attack.refresh-race', 'No refresh was answered with a cookie.')
  if (different > 1) {
    return fail('attack.refresh-race', `A refresh token that was used ${successors.length} times at once had ${different} successors.`,
      SHARED_REMEDY)
  }
  if (given.length < successors.length) {
    return fail('attack.refresh-race', `Of ${successors.length} refreshes at once ${successors.length - given.length} were refused, ` +
      'so people with two tabs are signed out.', SHARED_REMEDY)
  }
  return pass('attack.refresh-race', `A refresh token that was used ${successors.length} times at once has one successor.`)
}

/** Signs out, then uses the tokens that were valid before. */
export async function tryRevoked ({ visitor, token }: SignedIn): Promise<Finding> {
  const before = await visitor.send('/auth/me', undefined, { token, method: 'GET' })
  const cookies = new Map(visitor.cookies)
  await visitor.send('/auth/logout', undefined, { token })
  for (const [name, value] of cookies) visitor.cookies.set(name, value)
  const me = await visitor.send('/auth/me', undefined, { token, method: 'GET' })
  const refreshed = await visitor.send('/auth/refresh')
  return judgeRevoked(before.status, me.status, refreshed.status)
}

export function judgeRevoked (before: number, access: number, refresh: number): Finding {
  if (before !== 200) return unchecked('attack.revoked', `The access token was answered with ${before} before the sign-out.`)
  const alive = [...(access === 200 ? ['access token'] : []), ...(refresh === 200 ? ['refresh token'] : [])]
  if (access === 401 && refresh === 401) return pass('attack.revoked', 'After the sign-out, both tokens are refused at once.')
  if (alive.length === 0) return unchecked('attack.revoked', `After the sign-out the tokens were answered with ${access} and ${refresh}.`)
  return fail('attack.revoked', `After the sign-out the ${alive.join(' and the ')} still worked (${access}, ${refresh}).`,
    'Make sure that no proxy caches answers, that all servers have the same Redis, and that reads do not go to a replica.')
}
