import bcrypt from 'bcrypt'
import t from 'tap'
import { keys } from '../../src/platform/redis/keys.ts'
import { logIn, person, type Person, signUp, startApp, wrongCode } from '../support/app.ts'
import type { Answer, Browser, Method } from '../support/browser.ts'
import { costOf, mailsSettled, refusalOf, tally, visible } from '../support/observe.ts'
import { present, shaped } from '../support/shapes.ts'

const server = await startApp(t)
const { client } = server.redis
const codesTo = (email: string) => server.smtp.mails.filter(({ to, subject }) => to === email && /\d{6}/.test(subject)).length
const sessions = async (id: string): Promise<number> => await client.zcard(keys.account(id).sessions)
const wrongPassword = 'brass-harbour-seven-kites'

async function startLogin (who: Person, browser: Browser = server.browser()) {
  const answer = await browser.post('/auth/login', { email: who.email, password: who.password })
  if (answer.status !== 200) throw new Error(`login: ${answer.status} ${answer.text}`)
  return { browser, pendingToken: String(answer.body['pendingToken']), code: await server.smtp.code(who.email) }
}

t.test('unknown, wrong, unconfirmed, disabled, locked and oddly stored: one answer, one cost', async (t) => {
  const accounts = await Promise.all(Array.from({ length: 6 }, async () => await signUp(server)))
  const [active, disabled, locked, cheap, foreign, broken] = accounts.map(({ who, id }) => ({ ...who, record: keys.account(id).record }))
  if (!active || !disabled || !locked || !cheap || !foreign || !broken) throw new Error('six signed up')
  const unconfirmed = person()
  await server.browser().post('/auth/register', unconfirmed)
  await client.hset(disabled.record, 'status', 'disabled')
  await client.hset(locked.record, 'wrongInRow', 100)
  const keyId = String(await client.hget(cheap.record, 'passwordHash')).slice(0, 4)
  await client.hset(cheap.record, 'passwordHash', keyId + bcrypt.hashSync('x', 4))
  await client.hset(foreign.record, 'passwordHash', 'AAAA' + bcrypt.hashSync(foreign.password, 10))
  await client.hset(broken.record, 'passwordHash', 'not a hash')
  const known = server.browser()
  known.cookies.set('device', String((await logIn(server, active)).browser.cookies.get('device')))
  await mailsSettled(server)
  const before = server.smtp.mails.length

  const cases: Array<[string, string, string, Browser?]> = [
    ['an unknown address', person().email, wrongPassword],
    ['a wrong password', active.email, wrongPassword],
    ['a wrong password from a known device', active.email, wrongPassword, known],
    ['the right password of an unconfirmed sign-up', unconfirmed.email, unconfirmed.password],
    ['the right password of a disabled account', disabled.email, disabled.password],
    ['a wrong password of a locked account', locked.email, wrongPassword],
    ['a wrong password beside a cheap hash', cheap.email, wrongPassword],
    ['a password under a pepper that is gone', foreign.email, foreign.password],
    ['a password whose record is broken', broken.email, broken.password],
    ['256 letters for an unknown address', person().email, 'ї'.repeat(256)],
    ['256 letters for an account', active.email, 'ї'.repeat(256)]
  ]
  let first: { seen: object, cost: object } | undefined
  for (const [title, email, password, browser = server.browser()] of cases) {
    const { answer, cost } = await costOf(server, async () => await browser.post('/auth/login', { email, password }))
    t.match(refusalOf(answer), [401, 'CREDENTIALS_INVALID'], title)
    first ??= { seen: visible(answer), cost }
    t.strictSame(visible(answer), first.seen, `${title}: same answer`)
    t.strictSame(cost, first.cost, `${title}: same Redis commands and password work`)
    t.equal(cost.rounds, 1024)
  }
  for (const email of [active.email, person().email]) {
    t.match(
      refusalOf(await server.browser().post('/auth/login', { email, password: 'x'.repeat(257) })),
      [400, 'VALIDATION_FAILED'],
      'too long for anybody'
    )
  }
  await mailsSettled(server)
  t.equal(server.smtp.mails.length, before, 'no mail')
})

t.test('what the password step returned opens nothing but the second step', async (t) => {
  const { who, id } = await signUp(server)
  const { browser, pendingToken } = await startLogin(who)
  t.notOk(browser.cookies.has('refresh'), 'no refresh cookie was set')
  const { body } = await browser.get('/docs/json')
  const { paths } = shaped<{ paths: Record<string, Record<string, { security?: Array<Record<string, unknown>> }>> }>(body)
  const gated = Object.entries(paths).flatMap(([path, methods]) => Object.entries(methods)
    .filter(([, { security }]) => security?.some((one) => 'access' in one) && !security.some((one) => 'refreshCookie' in one))
    .map(([method]) => ({ path, method: shaped<Method>(method.toUpperCase()) })))
  t.ok(gated.some(({ path }) => path === '/auth/me'), 'the gated routes were found')
  for (const { path, method } of gated) {
    const answer = await browser.call(method, path, method === 'GET' ? undefined : {}, { token: pendingToken })
    t.match(refusalOf(answer), [403, 'SECOND_FACTOR_REQUIRED'], `${method} ${path} with the pending token`)
    t.match(
      refusalOf(await browser.call(method, path, method === 'GET' ? undefined : {})),
      [401, 'TOKEN_MISSING'],
      `${method} ${path} with its cookie`
    )
  }
  t.match(refusalOf(await browser.post('/auth/refresh', undefined, { token: pendingToken })), [401, 'TOKEN_MISSING'])
  t.match(refusalOf(await browser.post('/auth/refresh', undefined, { headers: { cookie: `refresh=${pendingToken}` }, cookies: false })), [
    401,
    'REFRESH_TOKEN_INVALID'
  ])
  t.equal((await browser.post('/auth/logout-all', undefined, { token: pendingToken })).status, 204)
  t.equal(await sessions(id), 1, 'and ends no session')
})

t.test('an account that is disabled, changed or deleted between password and code lets nobody in', async (t) => {
  const changes: Record<string, (record: string) => Promise<unknown>> = {
    disabled: async (record) => await client.hset(record, 'status', 'disabled'),
    changed: async (record) => await client.hincrby(record, 'credentialVersion', 1),
    deleted: async (record) => await client.del(record)
  }
  for (const [change, make] of Object.entries(changes)) {
    const { who, id } = await signUp(server)
    const { browser, code, pendingToken } = await startLogin(who)
    const before = codesTo(who.email)
    await make(keys.account(id).record)
    t.match(
      refusalOf(await browser.post('/auth/verify-otp', { otp: wrongCode(code) })),
      [401, 'CHALLENGE_INVALID'],
      `${change}: a wrong code is not judged`
    )
    t.match(
      refusalOf(await browser.post('/auth/verify-otp', { otp: code })),
      [401, 'CHALLENGE_INVALID'],
      `${change}: the right one neither`
    )
    const finish = await browser.post('/auth/login', { email: who.email, password: who.password, token: code })
    t.match(refusalOf(finish), [401, change === 'changed' ? 'CHALLENGE_INVALID' : 'CREDENTIALS_INVALID'])
    t.match(refusalOf(await browser.post('/auth/2fa/resend')), [401, 'CHALLENGE_INVALID'])
    t.match(refusalOf(await browser.get('/auth/2fa', { token: pendingToken })), [401, 'CHALLENGE_INVALID'])
    t.notOk(browser.cookies.has('refresh'))
    await mailsSettled(server)
    t.match(
      [await sessions(id), await client.exists(keys.account(id).failures), codesTo(who.email)],
      [1, 0, before],
      `${change}: no session, no guess counted, no code`
    )
  }
})

t.test('password and code in one request: the password is judged first', async (t) => {
  const { who, id } = await signUp(server)
  const { browser, code } = await startLogin(who)
  const finish = async (token: string, password = who.password, by = browser): Promise<Answer> =>
    await by.post('/auth/login', { email: who.email, password, token })
  const left = async () => (await browser.get('/auth/2fa')).body['attemptsLeft']

  t.match(refusalOf(await finish(code, wrongPassword)), [401, 'CREDENTIALS_INVALID'])
  t.match(refusalOf(await finish(wrongCode(code), wrongPassword)), [401, 'CREDENTIALS_INVALID'], 'alike whether the code was right')
  t.equal(await left(), 5, 'a wrong password never judges the code')
  for (const password of [who.password, wrongPassword]) {
    t.match(refusalOf(await finish('1234567', password)), [400, 'VALIDATION_FAILED'], 'what is no code is refused alike with any password')
  }
  t.equal(await left(), 5)
  const wrong = await finish(wrongCode(code))
  t.match([wrong.status, wrong.body], [400, { code: 'OTP_INVALID', attemptsLeft: 4 }])

  const mails = codesTo(who.email)
  t.match(
    refusalOf(await finish(code, who.password, server.browser())),
    [401, 'CHALLENGE_INVALID'],
    'a browser that started no login cannot finish one'
  )
  const other = await signUp(server)
  const others = await startLogin(other.who)
  t.match(
    refusalOf(await finish(others.code, who.password, others.browser)),
    [401, 'CHALLENGE_INVALID'],
    'nor can the login of another account'
  )
  const newcomer = server.browser()
  const third = person()
  await newcomer.post('/auth/register', third)
  t.match(refusalOf(await finish(await server.smtp.code(third.email), who.password, newcomer)), [401, 'CHALLENGE_INVALID'], 'nor a sign-up')
  t.equal((await others.browser.get('/auth/2fa')).body['attemptsLeft'], 5, 'and none of it is counted')
  t.equal((await newcomer.get('/auth/2fa')).body['attemptsLeft'], 5)
  t.equal(await sessions(id), 1)
  await mailsSettled(server)
  t.equal(codesTo(who.email), mails, 'no new code was mailed')

  const right = await finish(code)
  t.match([right.status, right.body], [200, { twoFactorRequired: false, tokenType: 'Bearer', user: { id } }])
  t.ok(browser.cookies.has('refresh'))
  t.equal((await browser.get('/auth/me', { token: String(right.body['accessToken']) })).status, 200)
  t.match(refusalOf(await finish(code)), [401, 'CHALLENGE_INVALID'], 'once')
})

t.test('a right password with a code that no login waits for is logged, told and counted, and resets nothing', async (t) => {
  const other = await startLogin((await signUp(server)).who)
  const ways: Record<string, (who: Person, browser: Browser) => Promise<string | undefined>> = {
    'no login was started': async () => undefined,
    'a login of somebody else': async () => other.pendingToken,
    'a pending token that is none': async () => 'not.a.token',
    'a login that is over': async (who, browser) => String((await logIn(server, who, browser)).answer.body['pendingToken'])
  }
  for (const [way, prepare] of Object.entries(ways)) {
    const { who, id } = await signUp(server)
    const token = await prepare(who, server.browser())
    const by = server.browser()
    const finish = async (otp: string) =>
      await by.post('/auth/login', { email: who.email, password: who.password, token: otp }, token === undefined ? {} : { token })
    const newest = async () => (await server.inside.records.activity.listFor(id, undefined, 1)).items[0]

    const seen = (await newest())?.id
    t.match(refusalOf(await finish('123456')), [401, 'CHALLENGE_INVALID'], way)
    t.not((await newest())?.id, seen, `${way}: it stands in the log`)
    t.match(await newest(), { event: 'password', result: 'ok', factor: 'pwd' })
    await server.smtp.next(who.email, ({ subject }) => subject.includes('right password, incorrect code'))
    for (let i = 0; i < 4; i++) t.match(refusalOf(await finish('123456')), [401, 'CHALLENGE_INVALID'], way)
    t.match(refusalOf(await finish('123456')), [429, 'TOO_MANY_REQUESTS'], `${way}: it is slowed down like a wrong one`)
    await mailsSettled(server)
    const told = server.smtp.mails.filter(({ to, subject }) => to === who.email && subject.includes('incorrect code'))
    t.equal(told.length, 1, `${way}: told once`)
  }
})

t.test('20 finishes with the right password and code at once open one session', async (t) => {
  const { who, id } = await signUp(server)
  const { code, pendingToken } = await startLogin(who)
  const answers = await Promise.all(Array.from({ length: 20 }, async () =>
    await server.browser().post('/auth/login', { email: who.email, password: who.password, token: code }, { token: pendingToken })))
  t.strictSame(tally(answers), { 200: 1, CHALLENGE_INVALID: 19 })
  t.equal(await sessions(id), 2)
})

t.test('a source may try only so many addresses a minute, known or not', async (t) => {
  const limited = await startApp(t, { env: { LIMIT_LOGIN_PER_SOURCE: '10' }, redis: server.redis, smtp: server.smtp })
  const { who } = await signUp(server)
  const spraying = limited.browser({ ip: '203.0.113.7' })
  const emails = Array.from({ length: 20 }, () => person().email)
  const answers = await Promise.all(emails.map(async (email) => await spraying.post('/auth/login', { email, password: wrongPassword })))
  t.strictSame(tally(answers), { CREDENTIALS_INVALID: 10, TOO_MANY_REQUESTS: 10 })
  const seen = []
  for (const email of [who.email, person().email]) seen.push(await spraying.post('/auth/login', { email, password: who.password }))
  for (const answer of seen) {
    t.match(refusalOf(answer), [429, 'TOO_MANY_REQUESTS'], 'also with a right password')
    t.ok(Number(answer.headers['retry-after']) <= 60)
  }
  t.strictSame(visible(present(seen[0])), visible(present(seen[1])))
  t.equal(
    (await limited.browser().post('/auth/login', { email: who.email, password: who.password })).status,
    200,
    'other sources are not slowed'
  )
})
