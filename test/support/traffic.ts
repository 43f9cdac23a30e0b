import { setTimeout as sleep } from 'node:timers/promises'
import { type Person, person } from './app.ts'
import type { Answer, Browser } from './browser.ts'
import type { Entry, History, Outcome } from './history.ts'
import type { ServerProcess } from './process.ts'
import { shaped } from './shapes.ts'
import type { ParsedMail, TestSmtp } from './smtp.ts'

const CODE = /(?<!\d)\d{6}(?!\d)/
/** A mail whose server was killed comes after about ten seconds: its person goes no further. */
const CODE_WITHIN_MS = 1_500
const PAUSE_MS = 20
const WRONG_CODES = 7
/** What an attempt judges; then it is over. */
export const MOST_WRONG = 5
/** After it a refresh token that was used is theft; a little less, because the server's clock starts later. */
const GRACE_MS = 9_500

export interface Session { browser: Browser, token: string, state: 'live' | 'ended' | 'unsure' }

/** One person, what was asked in their name, and what they were promised. */
export interface Life {
  who: Person
  log: Entry[]
  /** The sign-up's, where an attempt waits until it is confirmed. */
  browser: Browser
  id?: string
  /** The right one is among them; more than one when nobody knows whether a change was made. */
  passwords: string[]
  sessions: Session[]
  /** Codes that were accepted, with the pending token of their attempt. */
  spent: Array<{ otp: string, pendingToken: string }>
  /** What each refresh token turned into. */
  successors: Map<string, Set<string>>
}

export interface Traffic {
  /** Everybody who was promised anything. */
  lives: Life[]
  stop: () => Promise<void>
}

/** The environment of a server that bears this traffic. */
export const trafficSettings = { TWO_FACTOR_RESEND_INTERVAL_SECONDS: '1' }

/** What people do once they are signed in, each in turn. Codes sent once more come last: two mails with one code are on their way then. */
const WAYS: Array<Array<Exclude<keyof ReturnType<typeof stepsOf>, 'signUp'>>> = [
  ['me', 'refresh', 'logout'],
  ['login', 'me', 'changePassword', 'refresh'],
  ['refresh', 'guess', 'login', 'logout'],
  ['login', 'logout', 'resend']
]

const cookieOf = ({ setCookies }: Answer): string | undefined =>
  setCookies.map((line) => /^refresh=([^;]+)/.exec(line)?.[1]).find((value) => value)

export const codeIn = (mail: ParsedMail | undefined): string | null => CODE.exec(mail?.subject ?? '')?.[0] ?? null

export async function codeFor (smtp: TestSmtp, { who, spent }: Life, milliseconds = CODE_WITHIN_MS): Promise<string | null> {
  // After a crash a mail may come twice.
  const isNews = (mail: ParsedMail): boolean => codeIn(mail) !== null && !spent.some(({ otp }) => otp === codeIn(mail))
  return await smtp.next(who.email, isNews, milliseconds).then(codeIn, () => null)
}

function stepsOf (server: ServerProcess, smtp: TestSmtp, history: History, life: Life, isOver: () => boolean) {
  const { who, log, sessions, spent } = life

  /** Asks until there is an answer, or the traffic is over. */
  async function insist (
    operation: string,
    send: () => Promise<Answer>,
    lost: () => string[]
  ): Promise<{ answer: Answer | null; outcome: Outcome }> {
    let isRepeated = false
    for (;;) {
      const asked = await history.ask(log, operation, send, { refusals: () => (isRepeated ? lost() : []) })
      if (asked.outcome !== 'unknown' || isOver()) return asked
      isRepeated = true
      await sleep(PAUSE_MS)
    }
  }

  /** Gives the right code. Refused can only be who was let in before, without hearing of it. */
  async function giveCode (operation: string, browser: Browser, otp: string, pendingToken: string): Promise<boolean> {
    const { answer, outcome } = await insist(
      operation,
      async () => await browser.post('/auth/verify-otp', { otp }, { token: pendingToken }),
      () => ['CHALLENGE_INVALID']
    )
    if (outcome !== 'unknown') spent.push({ otp, pendingToken })
    if (outcome !== 'ok' || !answer) return false
    life.id = shaped<{ id: string }>(answer.body['user']).id
    sessions.push({ browser, token: String(answer.body['accessToken']), state: 'live' })
    return true
  }

  /** A right password and the mailed code; null when one of the two did not arrive. */
  async function begin (): Promise<{ browser: Browser, otp: string, pendingToken: string } | null> {
    const browser = server.browser()
    const { answer, outcome } = await history.ask(
      log,
      'password',
      async () => await browser.post('/auth/login', { email: who.email, password: life.passwords[0] })
    )
    const otp = outcome === 'ok' ? await codeFor(smtp, life) : null
    return answer && otp ? { browser, otp, pendingToken: String(answer.body['pendingToken']) } : null
  }

  // Each says whether the person knows where they stand, and may go on.
  return {
    signUp: async (pendingToken: string): Promise<boolean> => {
      const otp = await codeFor(smtp, life)
      return otp !== null && await giveCode('sign_up', life.browser, otp, pendingToken)
    },

    login: async () => {
      const begun = await begin()
      return begun !== null && await giveCode('login', begun.browser, begun.otp, begun.pendingToken)
    },

    resend: async () => {
      const begun = await begin()
      if (!begun) return false
      for (;;) {
        const { answer, outcome } = await history.ask(log, 'code_resent', async () => await begun.browser.post('/auth/2fa/resend'), {
          refusals: () => ['RESEND_TOO_EARLY']
        })
        if (outcome !== 'refused') break
        await sleep(Number(answer?.headers['retry-after']) * 1000)
      }
      return await giveCode('login', begun.browser, begun.otp, begun.pendingToken)
    },

    guess: async () => {
      const begun = await begin()
      if (!begun) return false
      const { browser, otp, pendingToken } = begun
      const wrong = Array.from({ length: WRONG_CODES }, (_, n) => String(((Number(otp) + n) % 900_000) + 100_000)).filter(
        (code) => code !== otp
      )
      const answers = await Promise.all(
        wrong.map(
          async (code) =>
            await history.ask(
              log,
              'wrong_code',
              async () => await browser.post('/auth/verify-otp', { otp: code }, { token: pendingToken }),
              {
                isDone: ({ body }) => body['code'] === 'OTP_INVALID',
                refusals: () => ['CHALLENGE_INVALID']
              }
            )
        )
      )
      const left = answers.flatMap(({ answer, outcome }) => outcome === 'ok' ? [answer?.body['attemptsLeft']] : [])
      const unknown = answers.filter(({ outcome }) => outcome === 'unknown').length
      history.hold(
        new Set(left).size === left.length && left.length <= MOST_WRONG,
        `I3: ${left.length} guesses were judged, with ${left.join(', ')} left`
      )
      const { outcome } = await history.ask(
        log,
        'login',
        async () => await browser.post('/auth/verify-otp', { otp }, { token: pendingToken }),
        { refusals: () => ['CHALLENGE_INVALID'] }
      )
      history.hold(outcome !== 'ok' || left.length < MOST_WRONG, 'I3: a code was accepted after all guesses were spent')
      history.hold(outcome !== 'refused' || left.length + unknown >= MOST_WRONG, 'I3: a code was refused before all guesses were spent')
      return outcome !== 'unknown'
    },

    me: async () => {
      const session = sessions.at(-1)
      if (session?.state === 'live') {
        await history.ask(log, 'me', async () => await session.browser.get('/auth/me', { token: session.token }))
      }
      return true
    },

    /** Twice at once, as two tabs do. */
    refresh: async () => {
      const session = sessions.at(-1)
      const before = session?.browser.cookies.get('refresh')
      if (session?.state !== 'live' || !before) return true
      const startedAt = performance.now()
      const refresh = async (): Promise<Outcome> => {
        const { answer, outcome } = await insist(
          'refresh',
          async () => await session.browser.post('/auth/refresh', undefined, { headers: { cookie: `refresh=${before}` } }),
          () => (performance.now() - startedAt > GRACE_MS ? ['REFRESH_TOKEN_REUSED', 'SESSION_ENDED'] : [])
        )
        const cookie = answer && cookieOf(answer)
        if (cookie) life.successors.set(before, (life.successors.get(before) ?? new Set()).add(cookie))
        if (answer && outcome === 'ok') session.token = String(answer.body['accessToken'])
        return outcome
      }
      const outcomes = await Promise.all([refresh(), refresh()])
      if (outcomes.includes('refused')) session.state = 'ended'
      return outcomes.every((outcome) => outcome === 'ok')
    },

    logout: async () => {
      const session = sessions.at(-1)
      if (!session) return true
      session.state = 'unsure'
      const cookie = session.browser.cookies.get('refresh') ?? ''
      const { outcome } = await history.ask(
        log,
        'logout',
        async () => await session.browser.post('/auth/logout', undefined, { token: session.token, cookies: false })
      )
      // The browser has forgotten it; a thief would not.
      session.browser.cookies.set('refresh', cookie)
      if (outcome === 'ok') session.state = 'ended'
      return outcome === 'ok'
    },

    changePassword: async () => {
      const session = sessions.at(-1)
      if (session?.state !== 'live') return true
      const [currentPassword = ''] = life.passwords
      const newPassword = `${currentPassword}-later`
      const others = sessions.filter((one) => one !== session && one.state === 'live')
      life.passwords.unshift(newPassword)
      for (const other of others) other.state = 'unsure'
      const { outcome } = await history.ask(
        log,
        'password_changed',
        async () => await session.browser.call('PUT', '/users/password', { currentPassword, newPassword }, { token: session.token })
      )
      if (outcome !== 'ok') return false
      life.passwords = [newPassword]
      for (const other of others) other.state = 'ended'
      return true
    }
  }
}

/** People who sign up and go their ways, several at once, until told to stop, whatever happens to the server or its Redis. */
export function startTraffic (server: ServerProcess, smtp: TestSmtp, history: History, atOnce = 6): Traffic {
  const lives: Life[] = []
  const over = new AbortController()

  async function live (number: number): Promise<void> {
    const [who, browser] = [person(), server.browser()]
    const life: Life = { who, log: [], browser, passwords: [who.password], sessions: [], spent: [], successors: new Map() }
    const { answer, outcome } = await history.ask(life.log, 'register', async () => await browser.post('/auth/register', who))
    // Asked again, the first attempt's code could come first; so who got no answer goes away.
    if (outcome !== 'ok' || !answer) return await sleep(PAUSE_MS)
    lives.push(life)
    const way = WAYS[number % (WAYS.length + 1)]
    if (!way) return
    const steps = stepsOf(server, smtp, history, life, () => over.signal.aborted)
    if (!await steps.signUp(String(answer.body['pendingToken']))) return
    for (const step of way) if (!await steps[step]()) return
  }

  const workers = Array.from({ length: atOnce }, async (_item, index) => {
    for (let number = index; !over.signal.aborted; number++) await live(number)
  })
  return {
    lives,
    stop: async () => {
      over.abort()
      await Promise.all(workers)
    }
  }
}
