import { fail, type Finding, pass, unchecked } from '../finding.ts'
import { passwordStep, type Stage, Unexpected, type Victim } from './account.ts'
import type { Reply, Visitor } from './visitor.ts'

const CODES_AT_ONCE = 50
const REFRESHES_AT_ONCE = 20

export interface SignedIn { visitor: Visitor, token: string }

/** One right code, fifty times at once. The winner's session is for the attacks that follow. */
export async function raceCode (stage: Stage, victim: Victim): Promise<{ finding: Finding, signedIn: SignedIn }> {
  const { visitor, reply, pending } = await passwordStep(stage, victim)
  if (pending === null) throw new Unexpected('the login', reply)
  const otp = await stage.codes.next(victim.email, 'sign-in')
  const replies = await Promise.all(Array.from({ length: CODES_AT_ONCE }, async () => await visitor.send('/auth/verify-otp', { otp }, { token: pending })))
  const winner = replies.find(({ status }) => status === 200)
  if (!winner) throw new Unexpected('the right code', replies[0] ?? reply)
  return {
    finding: judgeCodeRace(replies.map(({ status }) => status)),
    signedIn: { visitor, token: String(winner.body['accessToken']) }
  }
}

export function judgeCodeRace (statuses: number[]): Finding {
  const wins = statuses.filter((status) => status === 200).length
  if (wins === 0) return unchecked('attack.code-race', `None of ${statuses.length} right codes was taken.`)
  if (wins === 1) return pass('attack.code-race', `Of ${statuses.length} right codes at once one was taken.`)
  return fail('attack.code-race', `Of ${statuses.length} right codes at once ${wins} were taken.`, 'Redis must run our scripts: look for a proxy of Redis that splits them, or for a changed server.')
}

/** One refresh cookie, twenty times at once. */
export async function raceRefresh ({ visitor }: SignedIn): Promise<Finding> {
  const replies = await Promise.all(Array.from({ length: REFRESHES_AT_ONCE }, async () => await visitor.send('/auth/refresh')))
  // What got no answer for want of Redis or time was neither refused nor given.
  return judgeRefreshRace(replies.filter(({ status }) => status < 500).map(successorOf))
}

const successorOf = ({ status, setCookies }: Reply): string | null =>
  status === 200 ? setCookies.map((line) => /^(?:__Host-)?refresh=([^;]+)/.exec(line)?.[1]).find((value) => value !== undefined) ?? null : null

/** `successors`: the cookie that each answer gave, null for a refusal. */
export function judgeRefreshRace (successors: Array<string | null>): Finding {
  const given = successors.filter((one) => one !== null)
  const kinds = new Set(given).size
  if (kinds === 0) return unchecked('attack.refresh-race', 'No refresh was answered with a cookie.')
  if (kinds > 1) return fail('attack.refresh-race', `One refresh token, ${successors.length} times at once, had ${kinds} successors: sessions multiply.`, 'All servers need the same SECRET and the same Redis.')
  if (given.length < successors.length) return fail('attack.refresh-race', `Of ${successors.length} refreshes at once ${successors.length - given.length} were refused: people with two tabs are signed out.`, 'All servers need the same SECRET and the same Redis.')
  return pass('attack.refresh-race', `One refresh token, ${successors.length} times at once, has one successor.`)
}

/** Signs out, and tries what was good an instant ago. */
export async function tryRevoked ({ visitor, token }: SignedIn): Promise<Finding> {
  const before = await visitor.send('/auth/me', undefined, { token, method: 'GET' })
  const cookies = new Map(visitor.cookies)
  await visitor.send('/auth/logout', undefined, { token })
  for (const [name, value] of cookies) visitor.cookies.set(name, value)
  const [me, refreshed] = [await visitor.send('/auth/me', undefined, { token, method: 'GET' }), await visitor.send('/auth/refresh')]
  return judgeRevoked(before.status, me.status, refreshed.status)
}

export function judgeRevoked (before: number, access: number, refresh: number): Finding {
  if (before !== 200) return unchecked('attack.revoked', `The access token answered ${before} before it was revoked.`)
  const alive = [...(access === 200 ? ['access token'] : []), ...(refresh === 200 ? ['refresh token'] : [])]
  if (access === 401 && refresh === 401) return pass('attack.revoked', 'After the sign-out, access and refresh token are refused at once.')
  if (alive.length === 0) return unchecked('attack.revoked', `After the sign-out the tokens answered ${access} and ${refresh}.`)
  return fail('attack.revoked', `After the sign-out the ${alive.join(' and the ')} still answered (${access}, ${refresh}).`, 'Let no proxy keep answers, and give all servers the same Redis: reads must not go to a replica.')
}
