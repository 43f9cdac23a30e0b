import type { Test } from 'tap'
import type { Answer } from './browser.ts'
import { type ServerProcess, signUpThere, startLoginThere } from './process.ts'
import type { TestSmtp } from './smtp.ts'

/** Something that was acknowledged and must not come back. */
interface Promised { what: string, isKept: () => Promise<boolean> }

/** Asks for one thing; null when it was not answered with success. */
type Ask = () => Promise<Promised | null>

type Member = Awaited<ReturnType<typeof signUpThere>>

const AT_ONCE = 4

/** Prepares four kinds of things that can be asked later without delay, for so many people. */
export async function prepareAsks (server: ServerProcess, smtp: TestSmtp, people: number): Promise<Ask[]> {
  const asks: Ask[][] = []
  for (let number = 0; number < people; number++) {
    const member = await signUpThere(server, smtp)
    // The slowest first, so that some of each kind are done when it strikes.
    asks.push([changePassword(server, await signUpThere(server, smtp)), await useCode(server, smtp, member), await logOut(server, smtp, member), await turnRefresh(server, smtp, member)])
  }
  return asks.flat()
}

/** Asks until there is an answer: a busy machine may be late. */
export async function answerTo (ask: () => Promise<Answer>): Promise<Answer> {
  for (;;) {
    const answer = await ask()
    if (answer.status !== 503) return answer
  }
}

const refuses = async (ask: () => Promise<Answer>): Promise<boolean> => (await answerTo(ask)).status === 401

async function useCode (server: ServerProcess, smtp: TestSmtp, { who }: Member): Promise<Ask> {
  const { browser, otp } = await startLoginThere(server, smtp, who)
  const token = browser.cookies.get('pending') ?? ''
  const type = async (): Promise<Answer> => await server.browser().post('/auth/verify-otp', { otp }, { token })
  return async () => (await type()).status === 200 ? { what: 'a used code opens nothing again', isKept: async () => await refuses(type) } : null
}

/** With password and code; anew when the answer was late, because the code may be used. */
export async function signIn (server: ServerProcess, smtp: TestSmtp, { who }: Member) {
  for (;;) {
    const { browser, otp } = await startLoginThere(server, smtp, who)
    const { status, body } = await browser.post('/auth/verify-otp', { otp })
    if (status === 200) return { browser, token: String(body['accessToken']) }
  }
}

async function logOut (server: ServerProcess, smtp: TestSmtp, member: Member): Promise<Ask> {
  const { browser, token } = await signIn(server, smtp, member)
  const cookie = `refresh=${browser.cookies.get('refresh')}`
  const isOut = async (): Promise<boolean> => await refuses(async () => await server.browser().get('/auth/me', { token })) &&
    await refuses(async () => await server.browser().post('/auth/refresh', undefined, { headers: { cookie } }))
  return async () => (await browser.post('/auth/logout', undefined, { token })).status === 204 ? { what: 'who logged out is out', isKept: isOut } : null
}

async function turnRefresh (server: ServerProcess, smtp: TestSmtp, member: Member): Promise<Ask> {
  const { browser } = await signIn(server, smtp, member)
  const turn = async (): Promise<Answer> => await browser.post('/auth/refresh')
  // Ahead of a Redis that has lost the turn, the new token would end the session.
  return async () => (await turn()).status === 200 ? { what: 'a turned refresh token goes on from there', isKept: async () => (await answerTo(turn)).status === 200 } : null
}

function changePassword (server: ServerProcess, { who, browser, token }: Member): Ask {
  const old = async (): Promise<boolean> => await refuses(async () => await server.browser().post('/auth/login', { email: who.email, password: who.password }))
  const body = { currentPassword: who.password, newPassword: `${who.password} anew` }
  return async () => (await browser.call('PUT', '/users/password', body, { token })).status === 200 ? { what: 'an old password stays old', isKept: old } : null
}

/** Asks everything, strikes in the middle of it, and answers what was acknowledged. */
export async function askDuring (asks: Ask[], strike: () => Promise<void>): Promise<Promised[]> {
  const waiting = [...asks]
  const kept: Promised[] = []
  let struck: Promise<void> | undefined
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    for (let ask = waiting.shift(); ask; ask = waiting.shift()) {
      const promised = await ask().catch(() => null)
      if (promised) kept.push(promised)
      if (kept.length > asks.length / 2) struck ??= strike()
    }
  }))
  await (struck ?? strike())
  return kept
}

export async function audit (t: Test, promises: Promised[]): Promise<void> {
  const counts: Record<string, number> = {}
  for (const { what, isKept } of promises) {
    t.ok(await isKept(), what)
    counts[what] = (counts[what] ?? 0) + 1
  }
  t.comment(`acknowledged and kept: ${JSON.stringify(counts)}`)
}

/** Milliseconds until `ask` is answered with this status, asked without pause. */
export async function timeTo (status: number, ask: () => Promise<Answer>): Promise<number> {
  const startedAt = performance.now()
  while ((await ask().catch(() => null))?.status !== status) await new Promise((resolve) => { setTimeout(resolve, 20) })
  return Math.round(performance.now() - startedAt)
}
