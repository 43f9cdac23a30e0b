import t from 'tap'
import { keys } from '../../src/platform/redis/keys.ts'
import { ALL_ACCOUNTS, ofAccount } from '../support/key-prefixes.ts'
import { logIn, person, signUp, startApp, type TestApp } from '../support/app.ts'
import { type Answer, type Browser, decode } from '../support/browser.ts'
import { mailsSettled } from '../support/observe.ts'
import { ageRecords, startOneRedis } from '../support/redis.ts'
import { startRedisProxy } from '../support/redis-proxy.ts'
import { json } from '../support/shapes.ts'
import { makeRefreshToken, readRefreshToken } from '../../src/records/sessions/generation-token.ts'

const SECOND = 1000
const DAY = 86_400 * SECOND

const refreshWith = async (server: TestApp, token: string, headers: Record<string, string> = {}): Promise<Answer> =>
  await server.browser().post('/auth/refresh', undefined, { headers: { cookie: `refresh=${token}`, ...headers } })
const refreshOf = (browser: Browser): string => browser.cookies.get('refresh') ?? ''
const cookieOf = (answer: Answer): string =>
  /^refresh=([^;]*)/.exec(answer.setCookies.find((line) => line.startsWith('refresh=')) ?? '')?.[1] ?? ''
const meOf = async (server: TestApp, token: unknown): Promise<number> =>
  (await server.browser().get('/auth/me', { token: String(token) })).status
const eventsOf = ({ logs }: TestApp, event: string): Array<Record<string, unknown>> =>
  logs.map((line) => json(line)).filter((one) => one['event'] === event)

async function theftMails (server: TestApp, email: string): Promise<number> {
  await mailsSettled(server)
  return server.smtp.mails.filter((mail) => mail.to === email && !/\d{6}/.test(mail.subject)).length
}

t.test('20 refreshes at once get the same successor, and the session lives', async (t) => {
  const server = await startApp(t)
  const { browser, who } = await signUp(server)
  const first = refreshOf(browser)
  const answers = await Promise.all(Array.from({ length: 20 }, async () => await refreshWith(server, first)))
  t.strictSame(new Set(answers.map(({ status }) => status)), new Set([200]))
  const successors = new Set(answers.map(cookieOf))
  t.equal(successors.size, 1)
  for (const { body, text } of answers) {
    t.equal(await meOf(server, body['accessToken']), 200)
    t.notOk(text.includes([...successors][0] ?? ''), 'the refresh token is in no body')
  }
  const next = await refreshWith(server, [...successors][0] ?? '')
  t.equal(next.status, 200, 'the successor is good')
  t.equal(await theftMails(server, who.email), 0)
})

t.test('a lost answer costs nothing: the same token again within ten seconds gets what was lost', async (t) => {
  const server = await startApp(t)
  const { browser } = await signUp(server)
  const first = refreshOf(browser)
  const lost = cookieOf(await refreshWith(server, first))
  await ageRecords(server.redis.client, [ALL_ACCOUNTS], 9 * SECOND)
  const again = await refreshWith(server, first)
  t.equal(again.status, 200)
  t.equal(cookieOf(again), lost)
  t.equal((await refreshWith(server, lost)).status, 200)
})

t.test('a refresh token used twice ends its session: cleared, logged, mailed once', async (t) => {
  const server = await startApp(t)
  const { browser, who, token } = await signUp(server)
  const other = await logIn(server, who)
  await mailsSettled(server)
  const mailsBefore = await theftMails(server, who.email)
  const first = refreshOf(browser)
  const second = await refreshWith(server, first)
  await ageRecords(server.redis.client, [ALL_ACCOUNTS], 11 * SECOND)

  const theft = await refreshWith(server, first, { 'user-agent': 'curl/8.0' })
  t.match([theft.status, theft.body['code']], [401, 'REFRESH_TOKEN_REUSED'])
  t.match(theft.setCookies, [/^refresh=; Max-Age=0; Path=\/; HttpOnly; SameSite=Strict$/])
  t.match((await refreshWith(server, cookieOf(second))).body, { code: 'SESSION_ENDED' }, 'the successor is dead')
  t.match((await refreshWith(server, first)).body, { code: 'SESSION_ENDED' }, 'a thief who tries again learns nothing')
  for (const one of [token, second.body['accessToken']]) t.equal(await meOf(server, one), 401, 'its access tokens are dead')
  t.equal(await meOf(server, other.token), 200, 'the other session lives')

  t.equal(await theftMails(server, who.email), mailsBefore + 1)
  const { sid } = decode(token).claims
  t.match(
    eventsOf(server, 'refresh.refused').filter(({ outcome }) => outcome === 'reused'),
    [{ session: sid, ip: /^10\./, device: /curl/ }]
  )
})

t.test('a grandparent token is theft even within the grace', async (t) => {
  const server = await startApp(t)
  const { browser, who } = await signUp(server)
  const first = refreshOf(browser)
  await browser.post('/auth/refresh')
  const last = await browser.post('/auth/refresh')
  t.match((await refreshWith(server, first)).body, { code: 'REFRESH_TOKEN_REUSED' })
  t.match((await browser.post('/auth/refresh')).body, { code: 'SESSION_ENDED' })
  t.equal(await meOf(server, last.body['accessToken']), 401)
  t.equal(await theftMails(server, who.email), 1)
})

t.test('a refresh token that was turned since signs out nothing but its own session, and raises the alarm', async (t) => {
  for (const path of ['/auth/logout', '/auth/logout-all']) {
    const server = await startApp(t)
    const { browser, who, id } = await signUp(server)
    const other = await logIn(server, who)
    const copied = refreshOf(browser)
    for (let i = 0; i < 2; i++) t.equal((await browser.post('/auth/refresh')).status, 200)
    const out = async (cookie: string, token?: string): Promise<number> =>
      (await server.browser().post(path, undefined, { token, headers: { cookie: `refresh=${cookie}` } })).status
    t.equal(await out(copied), 204, 'the answer tells nothing')
    t.equal((await browser.post('/auth/refresh')).body['code'], 'SESSION_ENDED', 'its own session has ended')
    t.equal(await meOf(server, other.token), 200, `${path}: the others live`)
    t.match(eventsOf(server, 'refresh.refused'), [{ outcome: 'reused', account: id }])
    t.equal(await theftMails(server, who.email), 2, 'the owner hears of it, as of the other sign-in')

    const second = await logIn(server, who)
    await server.redis.client.hset(keys.account(id).session(String(decode(second.token).claims['sid'])), 'gen', 0)
    t.equal(await out(refreshOf(second.browser)), 204)
    t.equal(await meOf(server, second.token), 401, 'one that Redis has lost ends its own session')
    t.equal(await meOf(server, other.token), 200)

    const last = await logIn(server, who)
    const stale = refreshOf(last.browser)
    for (let i = 0; i < 2; i++) await last.browser.post('/auth/refresh')
    t.equal(await out(stale, last.token), 204)
    t.equal(await meOf(server, other.token), path === '/auth/logout' ? 200 : 401, 'an access token proves its session all the same')
  }
})

t.test('a generation ahead of Redis ends the session without an alarm: the data were rolled back', async (t) => {
  const server = await startApp(t)
  const { browser, who, id, token } = await signUp(server)
  const session = keys.account(id).session(String(decode(token).claims['sid']))
  const saved = await server.redis.client.dumpBuffer(session)
  await browser.post('/auth/refresh')
  await browser.post('/auth/refresh')
  await server.redis.client.restore(session, 0, saved ?? '', 'REPLACE')

  const answer = await browser.post('/auth/refresh')
  t.match([answer.status, answer.body['code']], [401, 'REFRESH_TOKEN_INVALID'])
  t.equal(browser.cookies.has('refresh'), false)
  t.equal(await meOf(server, token), 401, 'the session has ended')
  t.equal(await server.redis.client.exists(session), 0)
  t.equal(await theftMails(server, who.email), 0)
  t.match(eventsOf(server, 'refresh.refused'), [{ outcome: 'ahead' }])
})

t.test('in 30 races of refresh against logout nothing is alive afterwards', async (t) => {
  const server = await startApp(t, { env: { SESSIONS_PER_ACCOUNT: '100' } })
  const { who, id } = await signUp(server)
  await server.redis.client.hset(keys.account(id).record, 'twoFactor', 0)
  const browsers = Array.from({ length: 30 }, () => server.browser())
  await Promise.all(browsers.map(async (browser) => {
    browser.token = String((await browser.post('/auth/login', { email: who.email, password: who.password })).body['accessToken'])
  }))
  await Promise.all(browsers.map(async (browser, turn) => {
    const first = refreshOf(browser)
    const { token } = browser
    const logout = async (): Promise<Answer> =>
      await server.browser().post('/auth/logout', undefined, { headers: { cookie: `refresh=${first}` } })
    const refresh = async (): Promise<Answer> => await refreshWith(server, first)
    const answers = await Promise.all(turn % 2 ? [logout(), refresh(), refresh()] : [refresh(), logout(), refresh()])
    for (const answer of answers.filter(({ status }) => status === 200)) {
      t.equal(await meOf(server, answer.body['accessToken']), 401)
      t.match((await refreshWith(server, cookieOf(answer))).body, { code: 'SESSION_ENDED' })
    }
    t.equal(await meOf(server, token), 401)
  }))
  t.equal((await server.redis.client.keys(keys.account(id).session('*'))).length, 1, 'only the session of the sign-up is left')
  t.equal(await server.redis.client.zcard(keys.account(id).sessions), 1)
})

t.test('a session idles a week at most and lives a month at most, and its cookie no longer', async (t) => {
  const server = await startApp(t)
  const { redis } = server
  const idle = await signUp(server)
  const busy = await signUp(server)
  const maxAge = (answer: Answer): number =>
    Number(/^refresh=.*Max-Age=(\d+)/.exec(answer.setCookies.find((line) => line.startsWith('refresh=')) ?? '')?.[1])
  t.equal(maxAge(idle.verified), 7 * 86_400)

  await ageRecords(redis.client, [ALL_ACCOUNTS], 6 * DAY)
  const renewed = await busy.browser.post('/auth/refresh')
  t.equal(maxAge(renewed), 7 * 86_400)
  await ageRecords(redis.client, [ALL_ACCOUNTS], DAY + SECOND)
  t.match((await idle.browser.post('/auth/refresh')).body, { code: 'SESSION_ENDED' }, 'idle for more than a week')
  t.equal(await meOf(server, idle.token), 401)

  for (const days of [6, 6, 6]) {
    t.equal((await busy.browser.post('/auth/refresh')).status, 200)
    await ageRecords(redis.client, [ALL_ACCOUNTS], days * DAY)
  }
  const last = await busy.browser.post('/auth/refresh')
  t.equal(last.status, 200, 'on the 26th day')
  t.ok(maxAge(last) <= 5 * 86_400, 'the cookie ends with the session')
  await ageRecords(redis.client, [ALL_ACCOUNTS], 5 * DAY)
  t.match((await busy.browser.post('/auth/refresh')).body, { code: 'SESSION_ENDED' }, 'refreshing for ever does not help')
})

t.test('refresh copies how the person signed in, and never raises it', async (t) => {
  const server = await startApp(t)
  const { who, id } = await signUp(server)
  await server.redis.client.hset(keys.account(id).record, 'twoFactor', 0)
  const browser = server.browser()
  const login = await browser.post('/auth/login', { email: who.email, password: who.password })
  const before = decode(String(login.body['accessToken'])).claims
  t.strictSame(before['amr'], ['pwd'])
  const after = decode(String((await browser.post('/auth/refresh')).body['accessToken'])).claims
  for (const name of ['amr', '2fa', 'auth_time', 'sid', 'sub', 'iss', 'aud']) t.strictSame(after[name], before[name], name)
  t.not(after['jti'], before['jti'])
  await server.redis.client.hset(keys.account(id).record, 'status', 'disabled')
  t.match((await browser.post('/auth/refresh')).body, { code: 'SESSION_ENDED' }, 'a disabled account refreshes nothing')
})

t.test('nothing but the token itself opens a session, and no oddity is more than a 401', async (t) => {
  const server = await startApp(t)
  const [mine, other] = [await signUp(server), await signUp(server, person())]
  const token = refreshOf(mine.browser)
  const { keyring } = server.inside
  const claims = readRefreshToken(keyring, token)
  const others = readRefreshToken(keyring, refreshOf(other.browser))
  if (!claims || !others) throw new Error('not our tokens')

  const changed = [...token].map((letter, at) => token.slice(0, at) + (letter === 'A' ? 'B' : 'A') + token.slice(at + 1))
  const spelled = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/=']
    .map((letter) => token.slice(0, -1) + letter)
    .filter((one) => one !== token)
  for (const forged of [
    ...changed,
    ...spelled,
    token.slice(1),
    token.slice(0, -1),
    `${token}A`,
    'x',
    'x'.repeat(100_000),
    token.toLowerCase(),
    'A'.repeat(token.length)
  ]) {
    const { status, body } = await refreshWith(server, forged)
    if (status !== 401 || body['code'] !== 'REFRESH_TOKEN_INVALID') t.fail(`${forged.slice(0, 120)}: ${status} ${String(body['code'])}`)
  }
  t.match(
    (await refreshWith(server, makeRefreshToken(keyring, { ...claims, sid: others.sid }))).body,
    { code: 'SESSION_ENDED' },
    'another account’s session id'
  )

  const cookies: Array<[string, string]> = [
    ['two of a name', `refresh=${token}; refresh=${refreshOf(other.browser)}`],
    ['two of a name, none of ours', `refresh=planted; refresh=${token.slice(0, -1)}`],
    ['another case', `REFRESH=${token}`],
    ['a space of Unicode before', `\u00a0refresh=${token}`],
    ['the same in UTF-8', `\u00e2\u0080\u0080refresh=${token}`],
    ['a broken percent code', 'refresh=%zz%'],
    ['$Version', `$Version=1; $refresh=${token}`],
    ['a prefix', `x-refresh=${token}`],
    ['__Host- on http', `__Host-refresh=${token}`],
    ['no value', 'refresh='],
    ['no name', `=${token}`],
    ['only signs', ';;=;= ;'],
    ['__proto__', `__proto__=${token}`]
  ]
  for (const [name, cookie] of cookies) {
    const answer = await server.browser().post('/auth/refresh', undefined, { headers: { cookie } })
    t.match([answer.status, answer.headers['content-type']], [401, /^application\/problem\+json/], name)
  }
  t.equal((await other.browser.post('/auth/refresh')).status, 200, 'nobody else was harmed')
  t.equal((await mine.browser.post('/auth/refresh')).status, 200)
})

t.test('me and refresh cost one round trip to Redis each', async (t) => {
  const direct = await startApp(t, { redis: await startOneRedis(t) })
  const proxy = await startRedisProxy(t, direct.redis.url)
  const server = await startApp(t, { redis: { ...direct.redis, url: proxy.url }, smtp: direct.smtp })
  const { browser, token, id } = await signUp(server)
  await browser.post('/auth/refresh')
  await mailsSettled(server)
  for (const [name, call] of [
    ['me', async () => await browser.get('/auth/me', { token })],
    ['refresh', async () => await browser.post('/auth/refresh')]
  ] as const) {
    proxy.reset()
    t.equal((await call()).status, 200)
    t.equal(proxy.turnsAbout(ofAccount(id)), 1, name)
  }
})
