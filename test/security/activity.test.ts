import t from 'tap'
import { keys } from '../../src/platform/redis/keys.ts'
import type { ActivityItem } from '../../src/records/activity/activity-store.ts'
import { ofAccount } from '../support/key-prefixes.ts'
import { logIn, person, type Person, signUp, startApp, wrongCode } from '../support/app.ts'
import { type Browser, decode } from '../support/browser.ts'
import { refusalOf } from '../support/observe.ts'
import { ageRecords } from '../support/redis.ts'
import { shaped } from '../support/shapes.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
const DAY = 1440 * MINUTE

const server = await startApp(t)
const { client: redis } = server.redis

interface One { who: Person, id: string, browser: Browser, token: string }

const log = (id: string): string => keys.account(id).activity
const read = async ({ browser, token }: One, query = '') => {
  const { body } = await browser.get(`/users/me/activity${query}`, { token })
  return shaped<{ items: ActivityItem[], nextCursor: string | null }>(body)
}
const tell = ({ event, result, factor }: ActivityItem): string => [event, result, factor].filter((one) => one !== null).join(' ')

const enter = async ({ who, browser }: One, password = who.password) => await browser.post('/auth/login', { email: who.email, password })
const asked = async (one: One): Promise<string> => {
  await enter(one)
  return await server.smtp.code(one.who.email)
}
const verify = async ({ browser }: One, otp: string, trustDevice = false) => await browser.post('/auth/verify-otp', { otp, trustDevice })
const trusted = async (one: One): Promise<void> => { await verify(one, await asked(one), true) }
const drop = async ({ browser, token }: One, path: string) => await browser.call('DELETE', `/users/me/${path}`, undefined, { token })
const act = async ({ browser, token }: One, path: string, body?: unknown) => await browser.post(path, body, { token })
const pass = async ({ id }: One, milliseconds: number): Promise<void> => { await ageRecords(redis, [ofAccount(id)], milliseconds) }
const deviceOf = async (one: One): Promise<string> => {
  const { body } = await one.browser.get('/users/me/devices', { token: one.token })
  return shaped<Array<{ id: string }>>(body['items'])[0]?.id ?? ''
}

/**
 * Every operation on an account, good and bad: what it tells, and how it is done. `prepare` runs first and answers the operation
 * itself. Told oldest first. A new route brings its lines here.
 */
const operations: Array<[name: string, told: string[], prepare: (one: One) => Promise<() => Promise<unknown>>]> = [
  ['a wrong password', ['password wrong pwd'], async (one) => async () => await enter(one, 'not-the-right-one')],
  ['a right password', ['password ok pwd'], async (one) => async () => await enter(one)],
  [
    'a right password while codes are locked',
    ['password locked pwd'],
    async (one) => async () => {
      await redis.hset(keys.account(one.id).record, 'wrongInRow', 100)
      await enter(one)
    }
  ],
  [
    'a right code',
    ['login ok email'],
    async (one) => {
      const otp = await asked(one)
      return async () => await verify(one, otp)
    }
  ],
  [
    'a wrong code',
    ['login wrong email'],
    async (one) => {
      const otp = await asked(one)
      return async () => await verify(one, wrongCode(otp))
    }
  ],
  [
    'a late code',
    ['login expired email'],
    async (one) => {
      const otp = await asked(one)
      await pass(one, 6 * MINUTE)
      return async () => await verify(one, otp)
    }
  ],
  [
    'a code sent again',
    ['code_resent ok email'],
    async (one) => {
      await asked(one)
      await pass(one, 61 * SECOND)
      return async () => await one.browser.post('/auth/2fa/resend')
    }
  ],
  [
    'a refresh',
    [],
    async ({ browser }) =>
      async () =>
        await browser.post('/auth/refresh')
  ],
  [
    'a refresh token used again',
    ['refresh reused'],
    async (one) => {
      const old = one.browser.cookies.get('refresh') ?? ''
      await one.browser.post('/auth/refresh')
      await pass(one, 11 * SECOND)
      one.browser.cookies.set('refresh', old)
      return async () => await one.browser.post('/auth/refresh')
    }
  ],
  [
    'a reauthentication, asked for',
    ['password ok pwd'],
    async (one) => async () => await act(one, '/auth/reauthenticate', { password: one.who.password })
  ],
  [
    'a reauthentication by a wrong password',
    ['reauthentication wrong pwd'],
    async (one) => async () => await act(one, '/auth/reauthenticate', { password: 'wrong' })
  ],
  [
    'a reauthentication by the right code',
    ['reauthentication ok email'],
    async (one) => {
      await act(one, '/auth/reauthenticate', { password: one.who.password })
      const otp = await server.smtp.code(one.who.email)
      return async () => await act(one, '/auth/reauthenticate/verify', { otp })
    }
  ],
  [
    'a reauthentication by a wrong code',
    ['reauthentication wrong email'],
    async (one) => {
      await act(one, '/auth/reauthenticate', { password: one.who.password })
      const otp = await server.smtp.code(one.who.email)
      return async () => await act(one, '/auth/reauthenticate/verify', { otp: wrongCode(otp) })
    }
  ],
  [
    'the second step switched on',
    ['two_factor_on ok'],
    async (one) => {
      await one.browser.call('PATCH', '/users/me', { isTwoFactorEnabled: false }, { token: one.token })
      return async () => await one.browser.call('PATCH', '/users/me', { isTwoFactorEnabled: true }, { token: one.token })
    }
  ],
  ['a logout', ['logout ok'], async (one) => async () => await act(one, '/auth/logout')],
  ['a logout everywhere', ['logout_all ok'], async (one) => async () => await act(one, '/auth/logout-all')],
  [
    'one session ended',
    ['session_ended ok'],
    async (one) => {
      const { token } = await logIn(server, one.who)
      return async () => await drop(one, `sessions/${String(decode(token).claims['sid'])}`)
    }
  ],
  ['a session ended that is not there', ['session_ended unknown'], async (one) => async () => await drop(one, 'sessions/x')],
  ['all other sessions ended', ['other_sessions_ended ok'], async (one) => async () => await drop(one, 'sessions')],
  [
    'a code, and trust in this browser',
    ['login ok email', 'trusted_device_added ok'],
    async (one) => {
      const otp = await asked(one)
      return async () => await verify(one, otp, true)
    }
  ],
  [
    'a login by a trusted browser',
    ['login ok device'],
    async (one) => {
      await trusted(one)
      return async () => await enter(one)
    }
  ],
  [
    'a login by a copied trust',
    ['trusted_device_reused reused device', 'password ok pwd'],
    async (one) => {
      await trusted(one)
      const old = one.browser.cookies.get('trusted') ?? ''
      await enter(one)
      await pass(one, 11 * SECOND)
      one.browser.cookies.set('trusted', old)
      return async () => await enter(one)
    }
  ],
  [
    'trust ended',
    ['trusted_device_ended ok'],
    async (one) => {
      await trusted(one)
      const device = await deviceOf(one)
      return async () => await drop(one, `devices/${device}`)
    }
  ],
  ['trust ended that is not there', ['trusted_device_ended unknown'], async (one) => async () => await drop(one, 'devices/x')],
  [
    'a look at what is there',
    [],
    async (one) => async () => {
      for (const path of ['sessions', 'devices', 'activity']) await one.browser.get(`/users/me/${path}`, { token: one.token })
    }
  ]
]

t.test('every operation, good or bad, is told once: who, what, factor, result, address, UTC', async (t) => {
  for (const [n, [name, told, prepare]] of operations.entries()) {
    const address = `198.51.100.${n + 1}`
    const one = await signUp(server, person(), server.browser({ ip: address }))
    const operate = await prepare(one)
    const before = (await server.inside.records.activity.listFor(one.id)).items[0]?.id
    const startedAt = Date.now()
    await operate()
    const { items } = await server.inside.records.activity.listFor(one.id)
    const fresh = items.slice(0, items.findIndex((item) => item.id === before)).reverse()
    t.strictSame(fresh.map(tell), told, name)
    for (const { ip, device, actor, at } of fresh) {
      t.strictSame([ip, device, actor], [address, 'Firefox on Linux', 'self'], name)
      t.ok(Math.abs(Date.parse(at) - startedAt) < MINUTE && at.endsWith('Z'), `${name}: ${at}`)
    }
  }
})

t.test('a log begins with the sign-up, is its owner’s alone, and nobody can write it', async (t) => {
  const [mine, theirs] = [await signUp(server), await signUp(server)]
  const { items, nextCursor } = await read(mine)
  t.strictSame(items.map(tell), ['sign_up ok email'])
  t.equal(nextCursor, null)
  t.strictSame(Object.keys(items[0] ?? {}).sort(), ['actor', 'at', 'device', 'event', 'factor', 'id', 'ip', 'result'])
  await enter(mine, 'not-the-right-one')
  t.strictSame((await read(theirs)).items.map(tell), ['sign_up ok email'])
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'] as const) {
    t.strictSame(refusalOf(await mine.browser.call(method, '/users/me/activity', undefined, { token: mine.token })), [
      405,
      'METHOD_NOT_ALLOWED'
    ])
  }
  const stranger = person()
  await server.browser().post('/auth/login', { email: stranger.email, password: stranger.password })
  t.same(await redis.keys(`${ofAccount('nobody')}:*`), [`${ofAccount('nobody')}:decoy`], 'nothing is told where there is no account')
  t.match(await redis.xrange(`${ofAccount('nobody')}:decoy`, '-', '+'), [[String, ['event', 'none']]], 'the decoy says nothing')
})

t.test('what an admin did is told as an admin’s, without saying whose', async (t) => {
  const one = await signUp(server)
  await server.inside.records.sessions.endAll({
    accountId: one.id,
    keepSid: String(decode(one.token).claims['sid']),
    actor: { ip: '10.9.9.9', device: 'x', by: 'the-id-of-an-admin' },
    event: 'sessions_ended_by_admin'
  })
  const [item] = (await read(one)).items
  t.match(item, { event: 'sessions_ended_by_admin', actor: 'admin', factor: null })
  t.notMatch(JSON.stringify(item), /the-id-of-an-admin/)
})

t.test('the log comes newest first, 50 a page, and what happens meanwhile shifts nothing', async (t) => {
  const one = await signUp(server)
  const adding = redis.pipeline()
  for (let n = 1; n <= 119; n++) {
    adding.xadd(log(one.id), '*', 'event', 'login', 'result', String(n), 'factor', '', 'ip', '', 'device', '', 'actor', '')
  }
  await adding.exec()
  const first = await read(one)
  await enter(one, 'not-the-right-one')
  const second = await read(one, `?cursor=${String(first.nextCursor)}`)
  const third = await read(one, `?cursor=${String(second.nextCursor)}`)
  const all = [first, second, third].flatMap(({ items }) => items)
  t.strictSame([first, second, third].map(({ items }) => items.length), [50, 50, 20])
  t.equal(third.nextCursor, null)
  t.strictSame(all.map(({ result }) => result), [...Array.from({ length: 119 }, (_, n) => String(119 - n)), 'ok'])
  t.equal(new Set(all.map(({ id }) => id)).size, 120)
  const whole = await server.inside.records.activity.listFor(one.id, undefined, 121)
  t.same([whole.items.length, whole.nextCursor], [121, null], 'a page that ends with the log is the last')

  for (const query of [
    'cursor=x',
    'cursor=',
    'cursor=1',
    'cursor=-',
    'cursor=(1-0',
    'cursor=1-0&cursor=2-0',
    'limit=1000',
    `cursor=${'9'.repeat(40)}-0`,
    'cursor=0-0',
    'cursor=000-00'
  ]) {
    t.strictSame(refusalOf(await one.browser.get(`/users/me/activity?${query}`, { token: one.token })), [400, 'VALIDATION_FAILED'], query)
  }
  t.same((await read(one, '?cursor=0-1')), { items: [], nextCursor: null })
})

t.test('however often strangers are wrong, their passwords are one event a day and push out nothing', async (t) => {
  const one = await signUp(server)
  const began = Date.now() - 2 * DAY
  const adding = redis.pipeline().del(log(one.id))
  for (let n = 0; n < 990; n++) adding.xadd(log(one.id), `${began + n}-0`, 'event', 'login', 'result', 'ok')
  await adding.exec()
  const stranger = async (): Promise<unknown> => await enter({ ...one, browser: server.browser() }, 'not-the-right-one')
  for (let n = 0; n < 30; n++) {
    await stranger()
    if (n % 10 === 9) await act(one, '/users/me/recovery-codes')
  }
  const { items } = await read(one)
  t.match(items.find(({ event }) => event === 'password'), { result: 'wrong', times: 30 })
  t.equal(items.filter(({ event }) => event === 'password').length, 1)
  t.equal(await redis.xlen(log(one.id)), 994)
  t.notOk('times' in (items.find(({ event }) => event === 'recovery_codes_new') ?? {}))
})

t.test('1,000 events are kept, for 180 days, and none that is older is shown', async (t) => {
  const one = await signUp(server)
  const began = Date.now() - DAY
  const adding = redis.pipeline().del(log(one.id))
  for (let n = 0; n < 1005; n++) adding.xadd(log(one.id), `${began + n}-0`, 'event', 'login', 'result', 'ok')
  await adding.exec()
  await enter(one, 'not-the-right-one')
  t.equal(await redis.xlen(log(one.id)), 1000)
  t.match((await read(one)).items[0], { event: 'password', result: 'wrong' })
  t.equal((await redis.xrange(log(one.id), '-', '+', 'COUNT', 1))[0]?.[0], `${began + 6}-0`, 'the oldest went')

  const old = Date.now()
  await redis.pipeline().del(log(one.id))
    .xadd(log(one.id), `${old - 181 * DAY}-0`, 'event', 'login', 'result', 'too old')
    .xadd(log(one.id), `${old - 179 * DAY}-0`, 'event', 'login', 'result', 'old').exec()
  t.strictSame((await read(one)).items.map(({ result }) => result), ['old'])
  await enter(one, 'not-the-right-one')
  t.equal(await redis.xlen(log(one.id)), 2, 'and at the next event it is gone')
  const life = await redis.pttl(log(one.id))
  t.ok(life > 179 * DAY && life <= 180 * DAY, 'the last ones go by themselves')
})
