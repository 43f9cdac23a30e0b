import t from 'tap'
import { keys } from '../../src/platform/redis/keys.ts'
import { ofAccount } from '../support/key-prefixes.ts'
import { logIn, type Person, signUp, startApp, type TestApp } from '../support/app.ts'
import { type Answer, type Browser, decode } from '../support/browser.ts'
import { refusalOf } from '../support/observe.ts'
import { ageRecords } from '../support/redis.ts'
import { shaped } from '../support/shapes.ts'

const SECOND = 1000
const DAY = 86_400 * SECOND
const UNKNOWN = 'AAAAAAAAAAAAAAAAAAAAAA'

const shared = await startApp(t, { env: { SESSIONS_PER_ACCOUNT: '3' } })
const { client: redis } = shared.redis

interface Item { id: string, current: boolean, device: string, ip: string, createdAt: string, lastSeenAt: string }

const sidOf = ({ token = '' }: Browser): string => String(decode(token).claims['sid'])
const list = async (browser: Browser): Promise<Item[]> =>
  shaped<Item[]>((await browser.get('/users/me/sessions', { token: browser.token })).body['items'])
const end = async (browser: Browser, sid = ''): Promise<Answer> =>
  await browser.call('DELETE', `/users/me/sessions${sid && `/${sid}`}`, undefined, { token: browser.token })
const livesOn = async (browser: Browser): Promise<boolean> => {
  const me = await browser.get('/auth/me', { token: browser.token })
  return me.status === 200 && (await browser.post('/auth/refresh')).status === 200
}
const isOver = async (browser: Browser): Promise<boolean> => {
  const me = await browser.get('/auth/me', { token: browser.token })
  return me.body['code'] === 'SESSION_ENDED' && (await browser.post('/auth/refresh')).status === 401
}
const signedIn = async (who: Person, server: TestApp = shared, browser?: Browser): Promise<Browser> =>
  (await logIn(server, who, browser)).browser

t.test('people see their own sessions, the one seen last first, and no token or hash', async (t) => {
  const { who, id, browser: first } = await signUp(shared)
  await ageRecords(redis, [ofAccount(id)], 3600 * SECOND)
  const second = await signedIn(
    who,
    shared,
    shared.browser({ ip: '203.0.113.9', userAgent: 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:140.0) Gecko/20100101 Firefox/140.0' })
  )
  const stranger = await signUp(shared)

  const answer = await second.get('/users/me/sessions', { token: second.token })
  t.match([answer.status, answer.body], [200, {
    items: [
      { id: sidOf(second), device: 'Firefox on macOS', ip: '203.0.113.9', current: true, amr: ['pwd', 'otp'] },
      { id: sidOf(first), device: 'Firefox on Linux', current: false }
    ],
    nextCursor: null
  }])
  const [newest, oldest] = shaped<[Item, Item]>(answer.body['items'])
  t.strictSame(Object.keys(newest).sort(), ['amr', 'createdAt', 'current', 'device', 'id', 'ip', 'lastSeenAt'])
  t.ok(Date.parse(newest.createdAt) - Date.parse(oldest.createdAt) >= 3600 * SECOND)
  t.match(newest.createdAt, /^\d{4}-\d\d-\d\dT.*Z$/)
  for (const secret of [...second.cookies.values(), ...first.cookies.values(), second.token ?? '']) {
    t.notOk(answer.text.includes(secret.slice(-20)))
  }
  t.same((await list(stranger.browser)).map((one) => one.id), [sidOf(stranger.browser)])

  t.equal((await first.post('/auth/refresh')).status, 200)
  const after = await list(first)
  t.same(after.map((one) => [one.id, one.current]), [[sidOf(first), true], [sidOf(second), false]], 'a refresh moves it to the front')
  t.equal(after[0]?.createdAt, oldest.createdAt)
  t.not(after[0]?.lastSeenAt, oldest.lastSeenAt)
})

t.test('the id of a session opens nothing', async (t) => {
  const { browser } = await signUp(shared)
  const [{ id } = { id: '' }] = await list(browser)
  const clean = shared.browser()
  t.strictSame(refusalOf(await clean.get('/auth/me', { token: id })), [401, 'TOKEN_INVALID'])
  for (const name of ['refresh', 'trusted', 'device', 'pending']) clean.cookies.set(name, id)
  t.equal((await clean.post('/auth/refresh')).status, 401)
  await clean.post('/auth/logout-all')
  t.ok(await livesOn(browser))
})

t.test('one session can be ended, the others live on; ending this one clears its cookies', async (t) => {
  const { who, browser: first } = await signUp(shared)
  const second = await signedIn(who)
  t.equal((await end(second, sidOf(first))).status, 204)
  t.ok(await isOver(first))
  t.ok(await livesOn(second))
  t.same((await list(second)).map(({ id }) => id), [sidOf(second)])
  t.strictSame(refusalOf(await end(second, sidOf(first))), [404, 'NOT_FOUND'], 'twice')

  const answer = await end(second, sidOf(second))
  t.equal(answer.status, 204)
  t.match(answer.setCookies.find((line) => line.startsWith('refresh=')), /^refresh=; Max-Age=0; Path=\/; HttpOnly; SameSite=Strict$/)
  t.strictSame(refusalOf(await second.get('/users/me/sessions', { token: second.token })), [401, 'SESSION_ENDED'])
})

t.test('all other sessions can be ended at once, and with them the trust in browsers unless it is kept; this one stays', async (t) => {
  for (const [body, trusted] of [[{ keepTrustedDevices: true }, 1], [{ keepTrustedDevices: false }, 0], [{}, 0], [undefined, 0]] as const) {
    const { who, id, browser: first } = await signUp(shared)
    const others = [await signedIn(who), await signedIn(who)]
    const client = { ip: '10.0.0.1', device: 'x' }
    for (const browser of [first, ...others]) {
      await shared.inside.records.trustedBrowsers.open({ accountId: id, sid: sidOf(browser), client })
      if (trusted === 1) break
    }
    first.cookies.set('trusted', 'something')
    const stranger = await signUp(shared)
    const endOthers = async () => await first.call('DELETE', '/users/me/sessions', body, { token: first.token })
    t.equal((await endOthers()).status, 204)
    for (const other of others) t.ok(await isOver(other))
    t.ok(await livesOn(first))
    t.ok(await livesOn(stranger.browser))
    t.equal((await shared.inside.records.trustedBrowsers.list(id)).length, trusted, JSON.stringify(body))
    t.equal(first.cookies.has('trusted'), trusted === 1, 'and the cookie of this browser')
    t.equal((await endOthers()).status, 204, 'with none left too')
    t.ok(await livesOn(first))
  }
  const { browser } = await signUp(shared)
  for (const body of [{ keepTrustedDevices: 'yes' }, { keepTrustedDevices: null }, { keepAll: true }]) {
    t.strictSame(refusalOf(await browser.call('DELETE', '/users/me/sessions', body, { token: browser.token })), [400, 'VALIDATION_FAILED'])
  }
})

t.test('nobody ends what is another’s: a foreign, an unknown and a malformed id get the same 404', async (t) => {
  const [{ browser: mine }, { id, browser: theirs }] = [await signUp(shared), await signUp(shared)]
  const masked = ({ status, body, headers }: Answer): object => ({ status, ...body, requestId: '', length: headers['content-length'] })
  const foreign = masked(await end(mine, sidOf(theirs)))
  t.match(foreign, { status: 404, code: 'NOT_FOUND' })
  for (const sid of [
    UNKNOWN,
    'x',
    '%2e%2e',
    encodeURIComponent(`x}:s:${sidOf(theirs)}`),
    encodeURIComponent(keys.account(id).record),
    'ї',
    'A'.repeat(4000)
  ]) {
    t.strictSame(masked(await end(mine, sid)), foreign, sid.slice(0, 20))
  }
  t.ok(await livesOn(theirs))
  t.ok(await livesOn(mine))
  for (const url of ['/users/me/sessions', '/users/me/devices', '/users/me/activity']) {
    t.strictSame(refusalOf(await shared.browser().get(url)), [401, 'TOKEN_MISSING'])
    const asked = await theirs.get(url, { token: theirs.token })
    t.notOk(asked.text.includes(sidOf(mine)))
  }
})

t.test('who has only passed the password sees and ends nothing', async (t) => {
  const { who, browser } = await signUp(shared)
  const half = shared.browser()
  half.token = String((await half.post('/auth/login', { email: who.email, password: who.password })).body['pendingToken'])
  for (const url of ['/users/me/sessions', '/users/me/devices', '/users/me/activity']) {
    t.strictSame(refusalOf(await half.get(url, { token: half.token })), [403, 'SECOND_FACTOR_REQUIRED'])
  }
  t.strictSame(refusalOf(await end(half)), [403, 'SECOND_FACTOR_REQUIRED'])
  t.strictSame(refusalOf(await end(half, sidOf(browser))), [403, 'SECOND_FACTOR_REQUIRED'])
  t.ok(await livesOn(browser))
})

t.test('logout twice, without a cookie and everywhere: always 204, cookies cleared with the same attributes', async (t) => {
  const { who, browser: first } = await signUp(shared)
  const second = await signedIn(who)
  const cleared = ['pending', 'refresh'].map((name) => `${name}=; Max-Age=0; Path=/; HttpOnly; SameSite=Strict`)
  for (const browser of [second, second, shared.browser()]) {
    const answer = await browser.post('/auth/logout', undefined, { token: browser.token })
    t.equal(answer.status, 204)
    t.strictSame(answer.setCookies.sort(), cleared)
  }
  t.ok(await isOver(second))
  t.ok(await livesOn(first), 'the other session lives')
  const third = await signedIn(who)
  for (const browser of [first, first, shared.browser()]) {
    const answer = await browser.post('/auth/logout-all', undefined, { token: browser.token })
    t.equal(answer.status, 204)
    t.strictSame(answer.setCookies.sort(), [...cleared, 'trusted=; Max-Age=0; Path=/; HttpOnly; SameSite=Strict'])
  }
  t.ok(await isOver(third))
})

t.test('an account has as many sessions as allowed: the oldest ends, and none for one that ran out by itself', async (t) => {
  const { who, id, browser: first } = await signUp(shared)
  const second = await signedIn(who)
  const third = await signedIn(who)
  t.equal((await list(third)).length, 3)
  const fourth = await signedIn(who)
  t.ok(await isOver(first))
  for (const browser of [second, third, fourth]) t.ok(await livesOn(browser))

  await redis.del(keys.account(id).session(sidOf(third)))
  const fifth = await signedIn(who)
  t.ok(await livesOn(second), 'the place of the third was free')
  t.same((await list(fifth)).map((one) => one.id).sort(), [second, fourth, fifth].map(sidOf).sort())
})

t.test('a session ends after 7 days unseen and after 30 days at all, and is listed no more', async (t) => {
  const { who, id, browser: idle } = await signUp(shared)
  const busy = await signedIn(who)
  await ageRecords(redis, [ofAccount(id)], 6 * DAY)
  t.equal((await busy.post('/auth/refresh')).status, 200)
  await ageRecords(redis, [ofAccount(id)], DAY + SECOND)
  t.same((await list(busy)).map((one) => one.id), [sidOf(busy)])
  t.same(await redis.zrange(keys.account(id).sessions, '0', '-1'), [sidOf(busy)], 'it left the index too')
  t.ok(await isOver(idle))

  for (const days of [6, 6, 6, 4]) {
    t.ok(await livesOn(busy))
    await ageRecords(redis, [ofAccount(id)], days * DAY)
  }
  const last = await busy.post('/auth/refresh')
  const [, seconds = ''] = /Max-Age=(\d+)/.exec(last.setCookies[0] ?? '') ?? []
  t.ok(Number(seconds) <= 86_400, 'the last cookie lives no longer than the session')
  await ageRecords(redis, [ofAccount(id)], DAY)
  t.ok(await isOver(busy), 'however often it was refreshed')
  const fresh = await signedIn(who)
  t.same((await list(fresh)).map((one) => one.id), [sidOf(fresh)])
})
