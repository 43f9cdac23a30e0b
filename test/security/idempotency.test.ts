import { randomUUID } from 'node:crypto'
import t, { type Test } from 'tap'
import { keys } from '../../src/platform/redis/keys.ts'
import { ALL_ACCOUNTS, ALL_ADDRESSES } from '../support/key-prefixes.ts'
import { logIn, person, signUp, startApp, type TestApp, wrongCode } from '../support/app.ts'
import type { Answer, Browser } from '../support/browser.ts'
import { mailsSettled, refusalOf, tally } from '../support/observe.ts'
import { ageRecords, isCluster } from '../support/redis.ts'
import { json, shaped } from '../support/shapes.ts'

const newKey = (): { headers: Record<string, string> } => ({ headers: { 'idempotency-key': `"${randomUUID()}"` } })
const sidOf = (answer: Answer): string =>
  json<{ sid: string }>(Buffer.from(String(answer.body['accessToken']).split('.')[1] ?? '', 'base64url').toString()).sid
const countOf = async (server: TestApp, pattern: string): Promise<number> => (await server.redis.client.keys(pattern)).length

/** The same request from twenty lost connections at once. Each may be answered or told to wait, and nothing else. */
async function twenty (t: Test, ask: () => Promise<Answer>, status: number): Promise<Answer[]> {
  const answers = await Promise.all(Array.from({ length: 20 }, ask))
  const waiting = answers.filter((answer) => answer.status === 409)
  const done = answers.filter((answer) => answer.status === status)
  t.equal(done.length + waiting.length, 20, JSON.stringify(tally(answers)))
  t.ok(done.length >= 1)
  for (const { body, headers } of waiting) t.match([body['code'], headers['retry-after']], ['CONFLICT', /^\d+$/])
  return [...done, await ask()]
}

/** A browser with the code of a login that it started. */
async function startLogin (
  server: TestApp,
  who: { email: string; password: string }
): Promise<{ browser: Browser; otp: string; token: string }> {
  const browser = server.browser()
  const { body } = await browser.post('/auth/login', { email: who.email, password: who.password })
  return { browser, otp: await server.smtp.code(who.email), token: String(body['pendingToken']) }
}

/** For all that looks at one person only. */
const server = await startApp(t)

t.test('a sign-up that is asked for again is one attempt and one mail', async (t) => {
  const server = await startApp(t)
  const who = person()
  const key = newKey()
  const answers = await twenty(t, async () => await server.browser().post('/auth/register', who, key), 201)
  t.equal(new Set(answers.map(({ body }) => body['userId'])).size, 1)
  t.equal(await countOf(server, keys.address('*').attempt('*')), 1)
  const otp = await server.smtp.code(who.email)
  await mailsSettled(server)
  t.equal(server.smtp.mails.filter(({ to }) => to.includes(who.email)).length, 1)
  const last = answers.at(-1)
  t.match(last?.body, { success: true, ttlMinutes: 10, resendAfterSeconds: Number })
  t.equal(
    (await server.browser().post('/auth/verify-otp', { otp }, { token: String(last?.body['pendingToken']) })).status,
    200,
    'any of the answers leads on'
  )

  const known = await server.browser().post('/auth/register', who, newKey())
  t.strictSame(Object.keys(known.body), Object.keys(last?.body ?? {}), 'for an address that has an account it looks the same')
})

t.test('a code that is given again with the same key opens one session, with the same tokens', async (t) => {
  const { who, id } = await signUp(server)
  const { otp, token } = await startLogin(server, who)
  const key = newKey()
  const before = await countOf(server, keys.account(id).session('*'))
  const again = { ...key, token }
  const answers = await twenty(t, async () => await server.browser().post('/auth/verify-otp', { otp }, again), 200)
  t.equal(await countOf(server, keys.account(id).session('*')), before + 1)
  t.equal(new Set(answers.map(sidOf)).size, 1)
  for (const name of ['refresh', 'device']) {
    const values = answers.map(({ setCookies }) => setCookies.find((line) => line.startsWith(`${name}=`))?.split(';')[0])
    t.match([new Set(values).size, values[0]], [1, String], `the cookie ${name} is the same`)
  }

  const browser = server.browser()
  const last = await browser.post('/auth/verify-otp', { otp }, again)
  t.equal((await browser.get('/auth/me', { token: String(last.body['accessToken']) })).status, 200)
  t.strictSame(
    refusalOf(await server.browser().post('/auth/verify-otp', { otp }, { token })),
    [401, 'CHALLENGE_INVALID'],
    'without the key the code is used up'
  )
  t.strictSame(
    refusalOf(await server.browser().post('/auth/verify-otp', { otp }, { ...newKey(), token })),
    [401, 'CHALLENGE_INVALID'],
    'with another key too'
  )

  t.equal((await browser.post('/auth/refresh')).status, 200)
  t.strictSame(
    refusalOf(await server.browser().post('/auth/verify-otp', { otp }, again)),
    [401, 'CHALLENGE_INVALID'],
    'who goes on has had the answer: it is not given to anybody else'
  )
  t.equal((await browser.post('/auth/refresh')).status, 200, 'and the session lives on')
})

t.test('a sign-up whose server died before it could answer is finished by the same request', async (t) => {
  const server = await startApp(t)
  const who = person()
  const token = String((await server.browser().post('/auth/register', who)).body['pendingToken'])
  const otp = await server.smtp.code(who.email)
  const { client } = server.redis
  const [attempt = ''] = await client.keys(keys.address('*').attempt('*'))
  const attemptDump = await client.dumpBuffer(attempt)
  const again = { ...newKey(), token }
  const first = await server.browser().post('/auth/verify-otp', { otp }, again)
  t.equal(first.status, 200)

  // As it lies there when the server dies after the account was made and before anything else.
  const [once = ''] = await client.keys(keys.address('*').idempotency)
  const [[id, text] = ['', '']] = Object.entries(await client.hgetall(once))
  const { outcome, ...entry } = json(text)
  t.type(outcome, 'string')
  await client.hset(once, id, JSON.stringify({ ...entry, turnEnds: 0 }))
  await client.restore(attempt, 600_000, attemptDump, 'REPLACE')
  await client.hset(attempt, 'provenAt', String(Date.now()))

  const second = await server.browser().post('/auth/verify-otp', { otp }, again)
  t.equal(second.status, 200, second.text)
  t.equal(sidOf(second), sidOf(first))
  t.equal(await countOf(server, keys.account('*').session('*')), 1)
})

t.test('what was done is kept in the very step that did it: a server that dies next loses nothing', async (t) => {
  const server = await startApp(t)
  const { who, browser, token } = await signUp(server)
  const login = await startLogin(server, who)
  const { redis } = server.inside
  const send = redis.sendCommand
  let lost = 0
  // Nothing that a server does once the change is made reaches Redis: the call that keeps an outcome has one key and two arguments, on a
  // Cluster two keys more.
  const length = isCluster ? 7 : 5
  redis.sendCommand = function (command, stream) {
    if (!(command.name === 'evalsha' && command.args.length === length && String(command.args[2]).endsWith(':idempotency'))) {
      return send.call(this, command, stream)
    }
    lost++
    command.reject(new Error('Connection is closed.'))
    return command.promise
  }
  const twice = async (ask: () => Promise<Answer>): Promise<void> => {
    const [first, second] = [await ask(), await ask()]
    t.equal(second.status, first.status, second.text)
    t.equal(first.status < 300, true, first.text)
  }
  const [register, verify, rename, change] = [newKey(), newKey(), newKey(), newKey()]
  const newcomer = person()
  await twice(async () => await server.browser().post('/auth/register', newcomer, register))
  await twice(async () => await server.browser().post('/auth/verify-otp', { otp: login.otp }, { ...verify, token: login.token }))
  await twice(async () => await browser.call('PATCH', '/users/me', { name: 'Solomiia' }, { ...rename, token }))
  await twice(
    async () =>
      await browser.call(
        'PUT',
        '/users/password',
        { currentPassword: who.password, newPassword: 'copper-violin-meadow-42' },
        { ...change, token }
      )
  )
  t.equal(lost, 4)
})

t.test('a wrong code that is given again with the same key costs one guess', async (t) => {
  const { who } = await signUp(server)
  const { browser, otp, token } = await startLogin(server, who)
  const key = { ...newKey(), token }
  const [first, second] = [
    await browser.post('/auth/verify-otp', { otp: wrongCode(otp) }, key),
    await browser.post('/auth/verify-otp', { otp: wrongCode(otp) }, key)
  ]
  t.match(first.body, { code: 'OTP_INVALID', attemptsLeft: 4 })
  t.match(second.body, { code: 'OTP_INVALID', attemptsLeft: 4 })
  t.equal((await browser.get('/auth/2fa', { token })).body['attemptsLeft'], 4)
  t.equal((await browser.post('/auth/verify-otp', { otp }, { ...newKey(), token })).status, 200)
})

t.test('a change of password that is asked for again is one change, and no wrong password', async (t) => {
  const { who, browser, token, id } = await signUp(server)
  const body = { currentPassword: who.password, newPassword: 'copper-violin-meadow-42' }
  const again = { ...newKey(), token }
  await twenty(t, async () => await browser.call('PUT', '/users/password', body, again), 200)
  await mailsSettled(server)
  const { items } = shaped<{ items: Array<{ event: string, result: string }> }>((await browser.get('/users/me/activity', { token })).body)
  t.strictSame(items.filter(({ event }) => event === 'password_changed').map(({ result }) => result), ['ok'])
  t.equal(await server.redis.client.hget(keys.account(id).record, 'credentialVersion'), '2')

  const other = await logIn(server, { ...who, password: body.newPassword })
  t.strictSame(
    refusalOf(await browser.call('PUT', '/users/password', body, { ...again, token: other.token })),
    [401, 'CREDENTIALS_INVALID'],
    'the key belongs to one session'
  )
})

t.test('settings and a reset that are asked for again are done once', async (t) => {
  const { who, browser, token } = await signUp(server)
  const key = { ...newKey(), token }
  const renames = await twenty(t, async () => await browser.call('PATCH', '/users/me', { name: 'Solomiia' }, key), 200)
  for (const { body } of renames) t.match(body, { user: { name: 'Solomiia' } })
  const { items } = shaped<{ items: Array<{ event: string }> }>((await browser.get('/users/me/activity', { token })).body)
  t.equal(items.filter(({ event }) => event === 'profile_changed').length, 1)

  const forgot = server.browser()
  const pending = String((await forgot.post('/auth/password/forgot', { email: who.email })).body['pendingToken'])
  const otp = await server.smtp.code(who.email)
  const reset = { ...newKey(), token: pending }
  const answers = await twenty(
    t,
    async () => await server.browser().post('/auth/password/reset', { otp, newPassword: 'silver-harbour-lamp-7' }, reset),
    200
  )
  t.equal(new Set(answers.map(({ text }) => text)).size, 1)
  await logIn(server, { ...who, password: 'silver-harbour-lamp-7' })
})

t.test('one key is for one request', async (t) => {
  const who = person()
  const key = newKey()
  t.equal((await server.browser().post('/auth/register', who, key)).status, 201)
  const other = await server.browser().post('/auth/register', { ...who, name: 'Other' }, key)
  t.match([other.status, other.body], [400, { code: 'VALIDATION_FAILED', errors: [{ path: '/idempotency-key' }] }])
  t.equal((await server.browser().post('/auth/register', person(), key)).status, 201, 'the same key for another address is another request')
  for (const bad of ['', 'x'.repeat(129), 'two keys', '"a", "b"']) {
    t.equal(
      (await server.browser().post('/auth/register', person(), { headers: { 'idempotency-key': bad } })).status,
      400,
      bad.slice(0, 20)
    )
  }

  const weak = newKey()
  t.equal((await server.browser().post('/auth/register', { ...who, password: 'password' }, weak)).status, 400)
  t.equal((await server.browser().post('/auth/register', who, weak)).status, 201, 'what was refused for nothing leaves the key free')
})

t.test('what is kept for it holds no token, no code, no password and no key, and lives for a day', async (t) => {
  const server = await startApp(t)
  const { who, browser, token } = await signUp(server)
  const { otp, token: pending } = await startLogin(server, who)
  const key = newKey()
  await server.browser().post('/auth/verify-otp', { otp }, { ...key, token: pending })
  await browser.call('PATCH', '/users/me', { name: 'Solomiia' }, { ...key, token })
  await server.browser().post('/auth/register', person(), key)
  const names = await server.redis.client.keys('*:idempotency')
  t.equal(names.length, 2)
  const dump = (await Promise.all(names.map(async (name) => Object.entries(await server.redis.client.hgetall(name)).flat())))
    .flat()
    .join('\n')
  const uuid = key.headers['idempotency-key']?.replaceAll('"', '') ?? ''
  for (const secret of [uuid, pending, token, who.password, who.email, 'Solomiia']) t.notOk(dump.includes(secret))
  t.notMatch(dump, new RegExp(`(?<!\\d)${otp}(?!\\d)`))
  for (const name of names) t.ok(await server.redis.client.pttl(name) <= 86_400_000)
  await ageRecords(server.redis.client, [ALL_ADDRESSES, ALL_ACCOUNTS], 86_400_001)
  t.equal(await countOf(server, '*:idempotency'), 0)
})

t.test('a hundred keys of one person do not pile up', async (t) => {
  const { browser, token, id } = await signUp(server)
  for (let n = 0; n < 100; n++) await browser.call('PATCH', '/users/me', { name: `Name ${n}` }, { ...newKey(), token })
  t.equal(await server.redis.client.hlen(keys.account(id).idempotency), 64)
})
