import t from 'tap'
import { keys } from '../../src/platform/redis/keys.ts'
import { logIn, type Person, signUp, startApp, wrongCode } from '../support/app.ts'
import { signUpWithTotp, wrongTotp } from '../support/authenticator.ts'
import type { Browser } from '../support/browser.ts'
import { mailsSettled, pass, refusalOf, tally } from '../support/observe.ts'

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

// The budget of mails would end these tests before the budget of guesses.
const server = await startApp(t, { env: { LIMIT_MAILS_PER_ADDRESS_HOUR: '1000', LIMIT_MAILS_PER_ADDRESS_DAY: '1000' } })
const { client } = server.redis
const mailsTo = (email: string) => server.smtp.mails.filter(({ to }) => to === email).length
const wait = async (milliseconds: number): Promise<void> => { await pass(server, milliseconds) }

const enter = async (who: Person, browser: Browser = server.browser()) =>
  await browser.post('/auth/login', { email: who.email, password: who.password })

async function startLogin (who: Person, browser: Browser = server.browser()) {
  const answer = await enter(who, browser)
  if (answer.status !== 200) throw new Error(`login: ${answer.status} ${answer.text}`)
  const code = await server.smtp.code(who.email)
  return { browser, code, guess: async (otp = wrongCode(code)) => await browser.post('/auth/verify-otp', { otp }) }
}

/** Spends what a day allows, over several attempts. */
async function spendDay (who: Person): Promise<void> {
  for (let attempt = 0; attempt < 4; attempt++) {
    const { guess } = await startLogin(who)
    for (let i = 0; i < 5; i++) {
      const answer = await guess()
      if (answer.body['code'] !== 'OTP_INVALID') throw new Error(answer.text)
    }
  }
}

t.test('20 wrong codes in a day, over attempts and resends, then nothing is judged and login mails no more codes', async (t) => {
  const { who, id } = await signUp(server)
  const waiting = await startLogin(who)
  const first = await startLogin(who)
  for (const guesses of [2, 2]) {
    for (let i = 0; i < guesses; i++) t.match(refusalOf(await first.guess()), [400, 'OTP_INVALID'])
    await wait(MINUTE_MS)
    t.equal((await first.browser.post('/auth/2fa/resend')).status, 200)
    t.equal(await server.smtp.code(who.email), first.code)
  }
  t.match((await first.guess()).body, { code: 'OTP_INVALID', attemptsLeft: 0 }, 'a resend gives no new guesses')
  for (let attempt = 1; attempt < 4; attempt++) {
    const { guess } = await startLogin(who)
    for (let i = 0; i < 5; i++) t.match(refusalOf(await guess()), [400, 'OTP_INVALID'])
  }
  await mailsSettled(server)
  const mails = mailsTo(who.email)

  const right = await waiting.guess(waiting.code)
  t.match(refusalOf(right), [429, 'OTP_ATTEMPTS_EXCEEDED'], 'the right code of an attempt that was open is refused')
  t.ok(Number(right.headers['retry-after']) > 86_000, 'and the answer says until when')
  t.match(refusalOf(await waiting.guess()), [429, 'OTP_ATTEMPTS_EXCEEDED'])
  t.match(refusalOf(await waiting.browser.post('/auth/2fa/resend')), [429, 'OTP_ATTEMPTS_EXCEEDED'])
  const login = await enter(who)
  t.match(refusalOf(login), [429, 'OTP_ATTEMPTS_EXCEEDED'])
  t.match(
    refusalOf(await enter({ ...who, password: 'brass-harbour-seven-kites' })),
    [401, 'CREDENTIALS_INVALID'],
    'told only to who knows the password'
  )
  const token = await waiting.browser.post('/auth/login', { email: who.email, password: who.password, token: waiting.code })
  t.match(refusalOf(token), [429, 'OTP_ATTEMPTS_EXCEEDED'], 'nor with password and code at once')
  await mailsSettled(server)
  t.equal(mailsTo(who.email), mails, 'no mail went out')
  t.equal(await client.zcard(keys.account(id).failures), 20)
  t.equal(await client.zcard(keys.account(id).sessions), 1)

  await wait(DAY_MS - 10 * MINUTE_MS)
  t.match(refusalOf(await enter(who)), [429, 'OTP_ATTEMPTS_EXCEEDED'], 'for a whole day')
  await wait(10 * MINUTE_MS)
  await logIn(server, who)
})

t.test('the first wrong code after a right password is told to the owner, and the others within the hour with it', async (t) => {
  const told = (email: string): number =>
    server.smtp.mails.filter(({ to, subject }) => to === email && subject.includes('right password, incorrect code')).length
  const mailed = await signUp(server)
  const [totp, recovery] = [await signUpWithTotp(server), await signUpWithTotp(server)]
  const ways: Array<[string, { who: Person }, string, string]> = [
    ['a mailed code', mailed, '111111', 'email'],
    ['an authenticator', totp, await wrongTotp(server, totp.secret), 'totp'],
    ['a recovery code', recovery, 'aaaa-bbbb-cccc-dddd', 'recovery_code']
  ]
  for (const [way, { who }, otp, method] of ways) {
    for (let attempt = 0; attempt < 3; attempt++) {
      const browser = server.browser()
      t.equal((await enter(who, browser)).status, 200)
      for (let guess = 0; guess < 3; guess++) {
        t.match(refusalOf(await browser.post('/auth/verify-otp', { otp, method })), [400, 'OTP_INVALID'])
        await mailsSettled(server)
        t.equal(told(who.email), 1, `${way}: attempt ${attempt + 1}, guess ${guess + 1}`)
      }
    }
    await wait(61 * MINUTE_MS)
    const browser = server.browser()
    t.equal((await enter(who, browser)).status, 200)
    t.match(refusalOf(await browser.post('/auth/verify-otp', { otp, method })), [400, 'OTP_INVALID'])
    await mailsSettled(server)
    t.equal(told(who.email), 2, `${way}: again after an hour`)
  }
})

t.test('the budget holds for any number of attempts at once', async (t) => {
  const { who, id } = await signUp(server)
  const attempts = []
  for (let i = 0; i < 12; i++) attempts.push(await startLogin(who))
  const answers = await Promise.all(attempts.flatMap(({ guess }) => Array.from({ length: 10 }, async () => await guess())))
  const counts = tally(answers)
  t.equal(counts['OTP_INVALID'], 20, JSON.stringify(counts))
  t.equal((counts['OTP_ATTEMPTS_EXCEEDED'] ?? 0) + (counts['CHALLENGE_INVALID'] ?? 0), 100)
  t.equal(await client.zcard(keys.account(id).failures), 20)
})

t.test('the day rolls: each guess comes back 24 hours after it was made', async (t) => {
  const { who } = await signUp(server)
  const early = await startLogin(who)
  for (let i = 0; i < 3; i++) await early.guess()
  await wait(12 * 60 * MINUTE_MS)
  for (let attempt = 0; attempt < 4; attempt++) {
    const { guess } = await startLogin(who)
    for (let i = 0; i < (attempt < 3 ? 5 : 2); i++) t.match(refusalOf(await guess()), [400, 'OTP_INVALID'])
  }
  t.match(refusalOf(await enter(who)), [429, 'OTP_ATTEMPTS_EXCEEDED'])
  await wait(12 * 60 * MINUTE_MS)
  const { guess } = await startLogin(who)
  t.strictSame(
    tally([await guess(), await guess(), await guess(), await guess()]),
    { OTP_INVALID: 3, OTP_ATTEMPTS_EXCEEDED: 1 },
    'the three of the morning, no more'
  )
})

t.test('a right code in between gives no new guesses for the day', async (t) => {
  const { who } = await signUp(server)
  for (let attempt = 0; attempt < 5; attempt++) {
    const { guess, code } = await startLogin(who)
    for (let i = 0; i < 4; i++) t.match(refusalOf(await guess()), [400, 'OTP_INVALID'])
    t.match(refusalOf(await guess(code)), attempt < 4 ? [200, undefined] : [429, 'OTP_ATTEMPTS_EXCEEDED'])
  }
})

t.test('after 100 wrong codes in a row the second step is locked, however long one waits', async (t) => {
  const { who, id, token, browser } = await signUp(server)
  for (let day = 0; day < 5; day++) {
    await spendDay(who)
    t.match(refusalOf(await enter(who)), [429, 'OTP_ATTEMPTS_EXCEEDED'], `day ${day + 1}`)
    await wait(DAY_MS)
  }
  const mails = mailsTo(who.email)
  const locked = await enter(who)
  t.match(refusalOf(locked), [429, 'OTP_ATTEMPTS_EXCEEDED'], 'on the sixth day too')
  t.notOk('retry-after' in locked.headers || 'retryAfterSeconds' in locked.body, 'and no time is promised')
  await wait(30 * DAY_MS)
  t.match(refusalOf(await enter(who)), [429, 'OTP_ATTEMPTS_EXCEEDED'], 'nor a month later')
  await mailsSettled(server)
  t.equal(mailsTo(who.email), mails, 'no code is mailed')
  t.equal(await client.hget(keys.account(id).record, 'wrongInRow'), '100')
  t.notOk(browser.cookies.get('refresh') === undefined || token === '', 'the owner was signed in all the while')
})

t.test('an attempt that was open when the lock fell cannot be finished, and a right code before it starts the row anew', async (t) => {
  const { who, id } = await signUp(server)
  const record = keys.account(id).record
  await client.hset(record, 'wrongInRow', 98)
  const [saved, lost, last] = [await startLogin(who), await startLogin(who), await startLogin(who)]
  t.match(refusalOf(await saved.guess()), [400, 'OTP_INVALID'], 'the 99th')
  t.equal((await saved.guess(saved.code)).status, 200)
  t.equal(await client.hget(record, 'wrongInRow'), null)

  await client.hset(record, 'wrongInRow', 98)
  const guesses = await Promise.all(Array.from({ length: 5 }, async () => await lost.guess()))
  t.strictSame(tally(guesses), { OTP_INVALID: 2, OTP_ATTEMPTS_EXCEEDED: 3 }, 'the 100th locks, also in a race')
  t.match(refusalOf(await last.guess(last.code)), [429, 'OTP_ATTEMPTS_EXCEEDED'])
  t.match(refusalOf(await last.browser.post('/auth/2fa/resend')), [429, 'OTP_ATTEMPTS_EXCEEDED'])
  t.equal(await client.zcard(keys.account(id).sessions), 2)
})
