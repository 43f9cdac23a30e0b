import t from 'tap'
import { keys } from '../../src/platform/redis/keys.ts'
import { logIn, person, type Person, signUp, startApp, wrongCode } from '../support/app.ts'
import type { Answer, Browser } from '../support/browser.ts'
import { mailsSettled, pass, refusalOf, tally } from '../support/observe.ts'

const SECOND_MS = 1000
const MINUTE_MS = 60 * SECOND_MS

const server = await startApp(t)
const { client } = server.redis
const mailsTo = (email: string) => server.smtp.mails.filter(({ to }) => to === email)
const sessions = async (id: string): Promise<number> => await client.zcard(keys.account(id).sessions)
const failures = async (id: string): Promise<number> => await client.zcard(keys.account(id).failures)
const wait = async (milliseconds: number): Promise<void> => { await pass(server, milliseconds) }

async function startLogin (who: Person, browser: Browser = server.browser()) {
  const answer = await browser.post('/auth/login', { email: who.email, password: who.password })
  if (answer.status !== 200) throw new Error(`login: ${answer.status} ${answer.text}`)
  const code = await server.smtp.code(who.email)
  const verify = async (otp: unknown, more: object = {}): Promise<Answer> => await browser.post('/auth/verify-otp', { otp, ...more })
  const left = async (): Promise<unknown> => (await browser.get('/auth/2fa')).body['attemptsLeft']
  return { browser, answer, code, wrong: wrongCode(code), verify, left, pendingToken: String(answer.body['pendingToken']) }
}

t.test('50 right codes at once open one session, and the code is spent', async (t) => {
  const { who, id } = await signUp(server)
  const { code, pendingToken } = await startLogin(who)
  const verify = async () => await server.browser().post('/auth/verify-otp', { otp: code }, { token: pendingToken })
  const answers = await Promise.all(Array.from({ length: 50 }, verify))
  t.strictSame(tally(answers), { 200: 1, CHALLENGE_INVALID: 49 })
  t.equal(
    answers.filter(({ setCookies }) => setCookies.some((line) => line.startsWith('refresh='))).length,
    1,
    'one refresh cookie was given'
  )
  t.equal(await sessions(id), 2)
  t.equal((await client.keys(keys.account(id).session('*'))).length, 2)
  t.match(refusalOf(await verify()), [401, 'CHALLENGE_INVALID'])
  t.strictSame(await client.keys(keys.account(id).attempt('*')), [])
})

t.test('of 200 wrong codes at once five are judged, then the attempt is dead', async (t) => {
  const { who, id } = await signUp(server)
  const { code, wrong, pendingToken, browser, verify } = await startLogin(who)
  const before = server.logs.length
  const answers = await Promise.all(
    Array.from({ length: 200 }, async () => await server.browser().post('/auth/verify-otp', { otp: wrong }, { token: pendingToken }))
  )
  t.strictSame(tally(answers), { OTP_INVALID: 5, CHALLENGE_INVALID: 195 })
  t.strictSame(answers.flatMap(({ body }) => body['attemptsLeft'] ?? []).sort(), [0, 1, 2, 3, 4])
  const checks = server.logs.slice(before).filter((line) => line.includes('"otp.checked"'))
  t.equal(checks.length, 200, 'each check is an event')
  t.ok(checks.every((line) => /"ip":"10\./.test(line) && !line.includes(wrong)), 'with its source, without the code')

  t.match(refusalOf(await verify(code)), [401, 'CHALLENGE_INVALID'], 'the right code comes too late')
  t.match(refusalOf(await browser.get('/auth/2fa')), [401, 'CHALLENGE_INVALID'])
  await wait(MINUTE_MS)
  const mails = mailsTo(who.email).length
  t.match(refusalOf(await browser.post('/auth/2fa/resend')), [401, 'CHALLENGE_INVALID'])
  t.equal(await failures(id), 5)
  t.equal(await sessions(id), 1)
  t.notOk(browser.cookies.has('refresh'))
  await mailsSettled(server)
  t.equal(mailsTo(who.email).length - mails, 0, 'the resend mailed nothing')
  t.equal(mailsTo(who.email).length, 3, 'the owner was told once, beside the two codes')
})

t.test('right and wrong codes at once: never more than five guesses, never more than one session', async (t) => {
  for (let round = 0; round < 5; round++) {
    const { who, id } = await signUp(server)
    const { code, wrong, pendingToken } = await startLogin(who)
    const typed = Array.from({ length: 40 }, (_one, index) => index % 8 === 7 ? code : wrong)
    const counts = tally(
      await Promise.all(typed.map(async (otp) => await server.browser().post('/auth/verify-otp', { otp }, { token: pendingToken })))
    )
    t.ok((counts['OTP_INVALID'] ?? 0) <= 5 && (counts['200'] ?? 0) <= 1, JSON.stringify(counts))
    t.equal(await sessions(id), 1 + (counts['200'] ?? 0))
    t.equal(await failures(id), counts['OTP_INVALID'] ?? 0)
  }
})

t.test('of 20 resends at once one is mailed, and the wait survives a restart', async (t) => {
  const first = await startApp(t)
  const { who } = await signUp(first)
  const browser = first.browser()
  await browser.post('/auth/login', { email: who.email, password: who.password })
  const code = await first.smtp.code(who.email)
  const early = await browser.post('/auth/2fa/resend')
  t.match(refusalOf(early), [429, 'RESEND_TOO_EARLY'])
  await pass(first, MINUTE_MS)
  const answers = await Promise.all(Array.from({ length: 20 }, async () => await browser.post('/auth/2fa/resend')))
  t.strictSame(tally(answers), { 200: 1, RESEND_TOO_EARLY: 19 })
  for (const { status, headers, body } of answers.filter(({ status }) => status === 429)) {
    const seconds = Number(headers['retry-after'])
    t.ok(seconds > 0 && seconds <= 60 && body['retryAfterSeconds'] === seconds, `${status} says when`)
  }
  t.equal(await first.smtp.code(who.email), code)
  await mailsSettled(first)
  t.equal(first.smtp.mails.filter(({ to }) => to === who.email).length, 3, 'sign-up, login, and one more')

  await first.close()
  await first.redis.restart()
  const second = await startApp(t, { redis: first.redis, smtp: first.smtp })
  const back = second.browser()
  for (const [name, value] of browser.cookies) back.cookies.set(name, value)
  t.match(refusalOf(await back.post('/auth/2fa/resend')), [429, 'RESEND_TOO_EARLY'])
  t.equal((await back.post('/auth/verify-otp', { otp: code })).status, 200, 'and so does the attempt')
})

t.test('the same code is mailed again while half its life is left, then a new one, and the old one dies', async (t) => {
  const { who } = await signUp(server)
  const { browser, code, verify } = await startLogin(who)
  const resend = async () => {
    const { status, body } = await browser.post('/auth/2fa/resend')
    if (status !== 200) throw new Error(JSON.stringify(body))
    return { ttlMinutes: body['ttlMinutes'], code: await server.smtp.code(who.email) }
  }
  await wait(MINUTE_MS)
  t.strictSame(await resend(), { ttlMinutes: 4, code }, 'a minute later: the same, with what is left of its life')
  await wait(MINUTE_MS)
  t.strictSame(await resend(), { ttlMinutes: 3, code })
  await wait(MINUTE_MS)
  const fresh = await resend()
  t.match(fresh, { ttlMinutes: 5, code: /^\d{6}$/ }, 'three minutes later: another one with full life')
  t.not(fresh.code, code)
  const old = await verify(code)
  t.match([old.status, old.body], [400, { code: 'OTP_INVALID', attemptsLeft: 4 }], 'the old one is refused and counted')
  t.equal((await verify(fresh.code)).status, 200)
})

t.test('a code dies by time alone, costs no guess then, and its attempt lives on', async (t) => {
  const { who, id } = await signUp(server)
  const early = await startLogin(who)
  await wait(5 * MINUTE_MS - 20 * SECOND_MS)
  t.equal((await early.verify(early.code)).status, 200, 'shortly before its end it is accepted')

  const late = await startLogin(who)
  await wait(5 * MINUTE_MS)
  for (const otp of [late.code, late.wrong, late.code]) {
    t.match(refusalOf(await late.verify(otp)), [400, 'OTP_EXPIRED'], 'right and wrong alike')
  }
  const view = (await late.browser.get('/auth/2fa')).body
  t.match(view, { attemptsLeft: 5, codeExpiresInSeconds: 0, resendAfterSeconds: 0 })
  t.equal(await failures(id), 0, 'no guess was spent')
  t.equal((await late.browser.post('/auth/2fa/resend')).status, 200)
  t.equal((await late.verify(await server.smtp.code(who.email))).status, 200)

  const over = await startLogin(who)
  await wait(15 * MINUTE_MS)
  t.match(refusalOf(await over.verify(over.code)), [401, 'CHALLENGE_INVALID'], 'after a quarter of an hour the attempt is over')
  t.match(refusalOf(await over.browser.post('/auth/2fa/resend')), [401, 'CHALLENGE_INVALID'])
  t.equal(await sessions(id), 3)
})

t.test('a code of another attempt, purpose or account is refused and counted', async (t) => {
  const { who, id } = await signUp(server)
  const other = await signUp(server)
  const older = await startLogin(who)
  const attempt = await startLogin(who, older.browser)
  const stranger = await startLogin(other.who)
  const signUpBrowser = server.browser()
  const newcomer = person()
  await signUpBrowser.post('/auth/register', newcomer)
  const signUpCode = await server.smtp.code(newcomer.email)

  for (const [index, otp] of [older.code, stranger.code, signUpCode].entries()) {
    const answer = await attempt.verify(otp)
    t.match([answer.status, answer.body], [400, { code: 'OTP_INVALID', attemptsLeft: 4 - index }])
  }
  const crossed = await signUpBrowser.post('/auth/verify-otp', { otp: attempt.code })
  t.match([crossed.status, crossed.body], [400, { code: 'OTP_INVALID', attemptsLeft: 4 }], 'nor does a login code confirm a sign-up')
  t.equal(await failures(id), 3)

  t.equal((await attempt.verify(older.code, {})).body['attemptsLeft'], 1)
  const tab = await older.browser.post('/auth/verify-otp', { otp: older.code }, { token: older.pendingToken })
  t.equal(tab.status, 200, 'a Bearer beats the cookie: the older tab finishes its own attempt')
  t.equal((await startLogin(who, attempt.browser)).answer.status, 200)
})

t.test('what cannot be a code is refused without being judged', async (t) => {
  const { who, id } = await signUp(server)
  const { browser, code, verify, left } = await startLogin(who)
  for (const otp of [
    '',
    '12345',
    '1234567',
    `${code}0`,
    `${code}\n`,
    `${code.slice(0, 3)}.${code.slice(3)}`,
    `${code.slice(0, 3)}\u200b${code.slice(3)}`,
    `${' '.repeat(100)}${code}`,
    'abcdef',
    '１２３４５６',
    '٠١٢٣٤٥',
    '-12345',
    '1e5000',
    Number(code),
    [code],
    { $ne: '' },
    null,
    true
  ]) {
    t.match(refusalOf(await verify(otp)), [400, 'VALIDATION_FAILED'], JSON.stringify(otp))
  }
  t.match(refusalOf(await browser.post('/auth/verify-otp', {})), [400, 'VALIDATION_FAILED'])
  t.match(refusalOf(await verify(code, { extra: 1 })), [400, 'VALIDATION_FAILED'])
  t.match(refusalOf(await verify(code, { method: 'pigeon' })), [400, 'VALIDATION_FAILED'])
  t.strictSame([await left(), await failures(id), await sessions(id)], [5, 0, 1])
  t.equal((await verify(code)).status, 200)
})

t.test('blanks and dashes in a code do not matter, wherever a code is given', async (t) => {
  const ways: Array<(code: string) => string> = [
    (code) => `${code.slice(0, 3)} ${code.slice(3)}`, (code) => `\u00a0${code.slice(0, 2)}\u2011${code.slice(2)}\t `,
    (code) => `${code.slice(0, 3)}\u2013${code.slice(3)}`, (code) => [...code].join('-')
  ]
  for (const [turn, way] of ways.entries()) {
    const { who } = await signUp(server)
    const { code, verify, left } = await startLogin(who)
    t.match(refusalOf(await verify(way(wrongCode(code)))), [400, 'OTP_INVALID'], `a wrong one is a guess (${turn})`)
    t.equal(await left(), 4)
    t.equal((await verify(way(code))).status, 200, JSON.stringify(way(code)))
  }
  const reset = server.browser()
  const { who } = await signUp(server)
  await reset.post('/auth/password/forgot', { email: who.email })
  const otp = ways[0]?.(await server.smtp.code(who.email))
  t.equal((await reset.post('/auth/password/reset', { otp, newPassword: `${who.password}-again` })).status, 200)
})

t.test('an address that is not the attempt’s ends in CHALLENGE_INVALID and costs no guess', async (t) => {
  const { who, id } = await signUp(server)
  const { code, wrong, verify, left, browser } = await startLogin(who)
  const other = await signUp(server)
  for (const email of [person().email, other.who.email]) {
    for (const otp of [code, wrong]) t.match(refusalOf(await verify(otp, { email })), [401, 'CHALLENGE_INVALID'])
    t.match(refusalOf(await browser.post('/auth/2fa/resend', { email })), [401, 'CHALLENGE_INVALID'])
  }
  t.strictSame([await left(), await failures(id), await sessions(id)], [5, 0, 1])
  await wait(MINUTE_MS)
  t.equal((await browser.post('/auth/2fa/resend', { email: who.email.toUpperCase() })).status, 200)
  t.equal((await verify(code, { email: ` ${who.email.toUpperCase()}` })).status, 200, 'its own in any spelling is fine')
})

t.test('a reloaded page learns of its attempt what it needs, and of others nothing', async (t) => {
  const { who } = await signUp(server)
  const { browser, wrong, verify, code, pendingToken } = await startLogin(who)
  await verify(wrong)
  const view = await browser.get('/auth/2fa')
  const { codeExpiresInSeconds, resendAfterSeconds, ...rest } = view.body
  t.strictSame(rest, { purpose: 'login', method: 'email', methods: ['email'], destination: 'ol•••@example.org', attemptsLeft: 4 })
  t.ok(Number(codeExpiresInSeconds) > 240 && Number(codeExpiresInSeconds) <= 300)
  t.ok(Number(resendAfterSeconds) > 0 && Number(resendAfterSeconds) <= 60)
  t.notOk(view.text.includes(code) || view.text.includes(who.email) || view.text.includes(who.name))
  await wait(2 * MINUTE_MS)
  t.match((await browser.get('/auth/2fa')).body, { resendAfterSeconds: 0, attemptsLeft: 4 })
  t.ok(Number((await browser.get('/auth/2fa')).body['codeExpiresInSeconds']) <= 180)

  t.match(refusalOf(await server.browser().get('/auth/2fa')), [401, 'TOKEN_MISSING'])
  t.match(refusalOf(await server.browser().get('/auth/2fa', { token: `${pendingToken.slice(0, -4)}AAAA` })), [401, 'TOKEN_INVALID'])
  const { token } = await logIn(server, who)
  t.match(refusalOf(await server.browser().get('/auth/2fa', { token })), [401, 'TOKEN_INVALID'], 'an access token is no attempt')
  t.equal((await verify(code)).status, 200)
  t.match(refusalOf(await browser.get('/auth/2fa', { token: pendingToken })), [401, 'CHALLENGE_INVALID'])
})

t.test('a Redis that refuses to write spends no guess, and the code works afterwards', async (t) => {
  const { who, id } = await signUp(server)
  const { code, wrong, verify, left } = await startLogin(who)
  await mailsSettled(server)
  await client.config('SET', 'maxmemory', '1')
  t.teardown(async () => await client.config('SET', 'maxmemory', '0'))
  for (const otp of [wrong, code, wrong, code, wrong, wrong]) {
    const answer = await verify(otp)
    t.match([answer.status, answer.body['code']], [503, 'SERVICE_UNAVAILABLE'])
    t.match(answer.headers, { 'retry-after': /^\d+$/, 'content-type': /problem\+json/ })
  }
  await client.config('SET', 'maxmemory', '0')
  t.strictSame([await left(), await failures(id), await sessions(id)], [5, 0, 1])
  t.equal((await verify(code)).status, 200)
})
