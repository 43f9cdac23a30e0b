import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { newSigningKeys } from '../../src/platform/tokens/signing-keys.ts'
import { type Person, person, wrongCode } from '../support/app.ts'
import type { Answer, Browser } from '../support/browser.ts'
import { noJumpsBecause, startJumpingRedis } from '../support/jumping-redis.ts'
import { answerTo } from '../support/patience.ts'
import { newFolder, type ServerProcess, settings, startServer } from '../support/process.ts'
import { startRedis } from '../support/redis.ts'
import { startSmtp, type TestSmtp } from '../support/smtp.ts'

// Three servers are started: on a busy machine that takes its time.
t.setTimeout(300_000)

const SKEW_MS = 90_000

/** The options of a Node process whose wall clock goes wrong by this much. */
function clockOff (t: Test, milliseconds: number): Record<string, string> {
  const path = join(newFolder(t), 'clock.mjs')
  writeFileSync(path, `const right = Date.now; Date.now = () => right() + ${milliseconds}\n`)
  return { NODE_OPTIONS: `--import=file://${path}` }
}

async function signUp (server: ServerProcess, smtp: TestSmtp, who: Person, browser = server.browser()) {
  await answerTo(async () => await browser.post('/auth/register', who))
  const verified = await browser.post('/auth/verify-otp', { otp: await smtp.code(who.email) })
  return { browser, status: verified.status, token: String(verified.body['accessToken']) }
}

t.test(
  'servers whose clocks are three minutes apart: codes, waits and sessions go by the clock of Redis, tokens by their own',
  async (t) => {
    const [redis, smtp] = await Promise.all([startRedis(t), startSmtp(t)])
    const signingKeys = join(newFolder(t), 'keys.json')
    writeFileSync(signingKeys, newSigningKeys('test'))
    const shared = { ...settings(t, redis, smtp), SIGNING_KEYS: signingKeys, PUBLIC_URL: 'http://localhost:3000' }
    const [fast, slow] = await Promise.all([
      startServer(t, { ...shared, ...clockOff(t, SKEW_MS) }),
      startServer(t, { ...shared, ...clockOff(t, -SKEW_MS) })
    ])

    for (const [server, other, isFast] of [
      [fast, slow, true],
      [slow, fast, false]
    ] as const) {
      const name = isFast ? 'the fast one' : 'the slow one'
      const who = person()
      const browser = server.browser({ origin: 'http://localhost:3000' })
      const { status, token } = await signUp(server, smtp, who, browser)
      t.equal(status, 200, `${name} signs people up`)
      t.equal((await browser.get('/auth/me', { token })).status, 200)

      const login = await browser.post('/auth/login', { email: who.email, password: who.password })
      const resend = await browser.post('/auth/2fa/resend')
      t.equal(login.body['ttlMinutes'], 5, 'a code lives as long as ever')
      t.ok(resend.status === 429 && Number(resend.body['retryAfterSeconds']) <= 60, 'and the wait is as long as ever')
      t.equal((await browser.post('/auth/verify-otp', { otp: await smtp.code(who.email) })).status, 200)

      const elsewhere = other.browser({ origin: 'http://localhost:3000' })
      for (const [cookie, value] of browser.cookies) elsewhere.cookies.set(cookie, value)
      t.equal((await elsewhere.post('/auth/refresh')).status, 200, `a refresh token of ${name} is turned by the other`)
      const me = await elsewhere.get('/auth/me', { token })
      // More than five seconds from the future is not believed: three minutes from the past are.
      t.match([me.status, me.body['code']], isFast ? [401, 'TOKEN_INVALID'] : [200, undefined], `an access token of ${name}, at the other`)
      t.strictSame(server.unexpected(), [])
    }
    const immortal = await Promise.all((await redis.client.keys('*:s:*')).map(async (key) => await redis.client.pttl(key)))
    t.ok(immortal.length > 0 && immortal.every((left) => left > 0), 'no session lives for ever')
  }
)

// Left out only where libfaketime is missing; the gate installs it: nothing else can set the clock of one process.
t.test(
  'the clock of Redis goes an hour ahead and back: nothing spent works again, nothing lives for ever, and no request fails for it',
  { skip: noJumpsBecause },
  async (t) => {
    const [{ redis, setAhead }, smtp] = await Promise.all([startJumpingRedis(t), startSmtp(t)])
    const server = await startServer(t, { ...settings(t, redis, smtp), TWO_FACTOR_DAILY_FAILURES: '3' })
    const [owner, guessed] = [person(), person()]
    const { browser: home, token } = await signUp(server, smtp, owner)
    await signUp(server, smtp, guessed)
    const begin = async ({ email, password }: Person): Promise<{ tab: Browser; otp: string }> => {
      const tab = server.browser()
      await tab.post('/auth/login', { email, password })
      return { tab, otp: await smtp.code(email) }
    }
    const told = ({ status, body }: Answer): unknown => body['code'] ?? status
    const enter = async (tab: Browser, otp: string): Promise<unknown> => told(await tab.post('/auth/verify-otp', { otp }))
    /** With the cookies of before, as a thief or a lost answer would. */
    const again = async (tab: Browser, cookies: Map<string, string>, path: string, body?: object): Promise<unknown> =>
      told(await tab.post(path, body, { cookies: false, headers: { cookie: [...cookies].map((pair) => pair.join('=')).join('; ') } }))
    const immortal = async (): Promise<string[]> => {
      const names = await redis.client.keys('*')
      const left = await Promise.all(names.map(async (name) => await redis.client.pttl(name)))
      return names.filter((_name, index) => left[index] === -1).toSorted()
    }

    const late = await begin(owner)
    const gone = await begin(owner)
    t.equal(await enter(gone.tab, gone.otp), 200)
    const ofGone = new Map(gone.tab.cookies)
    t.equal((await gone.tab.post('/auth/logout')).status, 204)
    const first = await begin(guessed)
    for (let guess = 0; guess < 2; guess++) t.equal(await enter(first.tab, wrongCode(first.otp)), 'OTP_INVALID')
    await smtp.next(guessed.email, ({ subject }) => subject.includes('incorrect code'))
    while (await redis.client.exists('{mail}:outbox:active') === 1) await new Promise(setImmediate)
    const forEver = await immortal()

    await setAhead(60)
    t.equal((await home.get('/auth/me', { token })).status, 200)
    t.equal(await enter(late.tab, late.otp), 'CHALLENGE_INVALID', 'a code is dead after its life')
    t.equal(await again(gone.tab, ofGone, '/auth/refresh'), 'SESSION_ENDED', 'what was ended stays so')
    const second = await begin(guessed)
    t.equal(await enter(second.tab, wrongCode(second.otp)), 'OTP_INVALID')
    t.equal(await enter(second.tab, second.otp), 'OTP_ATTEMPTS_EXCEEDED', 'guesses of an hour ago count')
    const spent = await begin(owner)
    const ofSpent = new Map(spent.tab.cookies)
    t.equal(await enter(spent.tab, spent.otp), 200)
    const turned = new Map(spent.tab.cookies)
    t.equal((await spent.tab.post('/auth/refresh')).status, 200)
    const newest = new Map(spent.tab.cookies)
    const open = await begin(owner)
    const ofOpen = new Map(open.tab.cookies)
    t.equal((await home.post('/auth/refresh')).status, 200)

    await setAhead(0)
    t.equal(await enter(second.tab, second.otp), 'OTP_ATTEMPTS_EXCEEDED', 'guesses of the future count')
    t.equal(await again(spent.tab, ofSpent, '/auth/verify-otp', { otp: spent.otp }), 'CHALLENGE_INVALID', 'a spent code stays spent')
    t.equal(await enter(open.tab, open.otp), 200, 'another one works')
    t.equal(await again(open.tab, ofOpen, '/auth/verify-otp', { otp: open.otp }), 'CHALLENGE_INVALID', 'once')
    t.equal((await home.post('/auth/refresh')).status, 200, 'sessions go on')
    t.equal(
      await again(spent.tab, turned, '/auth/refresh'),
      'REFRESH_TOKEN_REUSED',
      'what was used before the clock was set back was not used just now'
    )
    t.equal(await again(spent.tab, newest, '/auth/refresh'), 'SESSION_ENDED')
    t.equal(await again(gone.tab, ofGone, '/auth/refresh'), 'SESSION_ENDED')

    await setAhead(-60)
    const { browser: fresh, status } = await signUp(server, smtp, person())
    t.equal(status, 200, 'people sign up')
    for (const tab of [fresh, home]) t.equal((await tab.post('/auth/refresh')).status, 200)
    await setAhead(0)
    for (const tab of [fresh, home]) t.equal((await tab.post('/auth/refresh')).status, 200)
    const kinds = (names: string[]): Set<string> => new Set(names.map((name) => name.replace(/\{.*\}/, '')))
    t.strictSame(kinds(await immortal()), kinds(forEver), 'nothing lives for ever that did not before')
    t.strictSame(server.unexpected(), [])
    t.strictSame(
      server.events('request').filter(({ status }) => Number(status) >= 500),
      []
    )
  }
)
