import { EventEmitter, once } from 'node:events'
import type { Test } from 'tap'
import { type Person, person } from './app.ts'
import type { Answer, Browser } from './browser.ts'
import type { ServerProcess } from './process.ts'
import type { TestSmtp } from './smtp.ts'

const CODE = /(?<!\d)\d{6}(?!\d)/
/** A mail whose server was killed comes after about ten seconds: its person is left for the audit. */
const CODE_WITHIN_MS = 1_500
const LATEST_CODE_MS = 30_000

/** What one person was promised. */
interface Promised { who: Person, browser: Browser, isAsked?: true, token?: string, refreshCookie?: string, logout?: 'asked' | 'promised' }

export interface Traffic {
  /** Resolves when so many more requests were answered with success. */
  successes: (count: number) => Promise<void>
  /** Resolves at the next 503. */
  unavailable: () => Promise<void>
  stop: () => Promise<void>
  /** Asks the server whether everything it ever promised is true. */
  audit: (t: Test) => Promise<void>
}

const isUsed = ({ body }: Answer): boolean => body['code'] === 'CHALLENGE_INVALID'

/** People who sign up, confirm, and log out, several at once, until told to stop, whatever happens to the server or its Redis. */
export function startTraffic (server: ServerProcess, smtp: TestSmtp, atOnce: number): Traffic {
  const people: Promised[] = []
  const surprises: string[] = []
  const events = new EventEmitter().setMaxListeners(0)
  const over = new AbortController()

  /** Null: no answer, or one that promises nothing. */
  async function ask (send: () => Promise<Answer>, success: number, isOver: (answer: Answer) => boolean = () => false): Promise<Answer | null> {
    const answer = await send().catch(() => null)
    if (answer && isOver(answer)) return answer
    if (answer?.status === success) events.emit('success')
    else if (answer?.status === 503 && answer.body['code'] === 'SERVICE_UNAVAILABLE' && answer.headers['retry-after']) events.emit('unavailable')
    else if (answer) surprises.push(`${answer.status} ${answer.text}`)
    return answer?.status === success ? answer : null
  }
  const codeFor = async ({ who }: Promised, milliseconds: number): Promise<string> => {
    const { subject } = await smtp.next(who.email, (mail) => CODE.test(mail.subject), milliseconds)
    return CODE.exec(subject)?.[0] ?? ''
  }
  const pause = async (): Promise<void> => { await once(events, 'never', { signal: AbortSignal.timeout(20) }).catch(() => {}) }

  async function signUp (number: number): Promise<void> {
    const one: Promised = { who: person(), browser: server.browser() }
    // Asked again, the first attempt's code could come first; so who got no answer goes away.
    if (!await ask(async () => await one.browser.post('/auth/register', one.who), 201)) return await pause()
    people.push(one)
    if (number % 4 === 0) return
    const otp = await codeFor(one, CODE_WITHIN_MS).catch(() => null)
    if (otp === null) return
    for (;;) {
      const isRepeated = one.isAsked === true
      one.isAsked = true
      const answer = await ask(async () => await one.browser.post('/auth/verify-otp', { otp }), 200, (answer) => isRepeated && isUsed(answer))
      if (answer?.status === 200) one.token = String(answer.body['accessToken'])
      if (answer || over.signal.aborted) break
      await pause()
    }
    one.refreshCookie = one.browser.cookies.get('refresh') ?? ''
    if (number % 2 === 0 || !one.token) return
    one.logout = 'asked'
    if (await ask(async () => await one.browser.post('/auth/logout', undefined, { token: one.token }), 204)) one.logout = 'promised'
  }

  const workers = Array.from({ length: atOnce }, async (_item, index) => {
    for (let number = index; !over.signal.aborted; number++) await signUp(number)
  })

  const signIn = async ({ email, password }: Person): Promise<Answer> => await server.browser().post('/auth/login', { email, password })

  async function auditOne (t: Test, one: Promised): Promise<string> {
    const { who, browser, token, logout } = one
    if (!token) {
      // The code may have been given already, and its answer lost: then it still finishes the sign-up.
      const otp = await codeFor(one, LATEST_CODE_MS).catch(() => smtp.mails.find(({ to }) => to === who.email)?.subject.match(CODE)?.[0])
      const answer = await browser.post('/auth/verify-otp', { otp: otp ?? '' })
      if (!one.isAsked || !isUsed(answer)) t.equal(answer.status, 200, 'a registered address can be confirmed')
      else t.equal((await signIn(who)).status, 200, 'or has been, when the answer was lost')
      return 'registered'
    }
    const login = await signIn(who)
    t.match([login.status, login.body], [200, { twoFactorRequired: true }], 'a confirmed account is there')
    const me = await browser.get('/auth/me', { token })
    if (logout !== 'promised') {
      if (logout === undefined) t.equal(me.status, 200, 'its session lives')
      return logout === undefined ? 'confirmed' : 'logout asked'
    }
    t.match([me.status, me.body['code']], [401, 'SESSION_ENDED'], 'who logged out stays out')
    const refresh = await browser.post('/auth/refresh', undefined, { headers: { cookie: `refresh=${one.refreshCookie ?? ''}` } })
    t.equal(refresh.status, 401, 'also by refresh')
    return 'logged out'
  }

  return {
    successes: async (count) => { for (let seen = 0; seen < count; seen++) await once(events, 'success') },
    unavailable: async () => { await once(events, 'unavailable') },
    stop: async () => {
      over.abort()
      await Promise.all(workers)
    },
    audit: async (t) => {
      t.strictSame(surprises, [], 'every refusal was a 503 that says when to come back')
      const found: Record<string, number> = {}
      await Promise.all(people.map(async (one) => {
        const kind = await auditOne(t, one)
        found[kind] = (found[kind] ?? 0) + 1
      }))
      t.comment(`promises kept: ${JSON.stringify(found)}`)
      for (const kind of ['registered', 'confirmed', 'logged out']) t.ok(found[kind], `some were ${kind}`)
    }
  }
}
