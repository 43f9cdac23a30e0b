import t from 'tap'
import { keys } from '../../src/platform/redis/keys.ts'
import { createKeyring } from '../../src/platform/keyring.ts'
import { describeDevice } from '../../src/records/activity/actor.ts'
import { newSigningKeys } from '../../src/platform/tokens/signing-keys.ts'
import { ALL_ACCOUNTS, ALL_ADDRESSES } from '../support/key-prefixes.ts'
import { logIn, person, SECRET, signUp, startApp, type TestApp, wrongCode } from '../support/app.ts'
import { type Answer, decode } from '../support/browser.ts'
import { immortalKeys } from '../support/leftovers.ts'
import { mailsSettled } from '../support/observe.ts'
import { ageRecords } from '../support/redis.ts'
import { json, shaped } from '../support/shapes.ts'

const NEXT_SECRET = 'the secret that came after it, also long enough: 98765'
const TOO_MANY = /^429 TOO_MANY_REQUESTS$/
const ESCAPE = '\u001b'

const outcome = ({ status, body }: Answer): string => `${status} ${String(body['code'] ?? 'ok')}`
const count = (answers: Answer[], wanted: RegExp): number => answers.filter((answer) => wanted.test(outcome(answer))).length

/** One request that a limit counts and that costs nothing more: its body is refused. */
const knock = async (server: TestApp, ip: string, path = '/auth/login'): Promise<Answer> => await server.browser({ ip }).post(path, {})

t.test('of 100 requests at once the limit lets exactly its number pass, over two servers and across a restart', async (t) => {
  const env = { LIMIT_LOGIN_PER_SOURCE: '10', LIMIT_REGISTER_PER_SOURCE: '10', LIMIT_RESEND_PER_SOURCE: '10' }
  const one = await startApp(t, { env })
  const shared = { env, redis: one.redis, smtp: one.smtp }
  const other = await startApp(t, shared)
  for (const path of ['/auth/login', '/auth/register', '/auth/2fa/resend']) {
    const answers = await Promise.all(
      Array.from({ length: 100 }, async (_, turn) => await knock(turn % 2 ? one : other, '192.0.2.1', path))
    )
    t.equal(count(answers, TOO_MANY), 90, path)
    for (const { headers, body } of answers.filter(({ status }) => status === 429)) {
      if (
        headers['retry-after'] !== String(body['retryAfterSeconds']) ||
        !(Number(body['retryAfterSeconds']) >= 1 && Number(body['retryAfterSeconds']) <= 60)
      ) { t.fail(`${path}: Retry-After ${headers['retry-after']}`) }
    }
  }
  await one.close()
  const restarted = await startApp(t, shared)
  t.match(outcome(await knock(restarted, '192.0.2.1')), TOO_MANY, 'a restart forgives nothing')
  t.match(outcome(await knock(restarted, '192.0.2.2')), /^400/, 'another source is not held back')
  t.equal((await restarted.browser({ ip: '192.0.2.1' }).get('/health/live')).status, 200, 'nor is anything but credentials')
  t.equal((await restarted.browser({ ip: '192.0.2.1' }).post('/auth/logout')).status, 204)
})

t.test('a source is an IPv4 address however it is written, or an IPv6 /64', async (t) => {
  const server = await startApp(t, { env: { LIMIT_LOGIN_PER_SOURCE: '2' } })
  for (const [name, first, second, third, isOne] of [
    ['one /64', '2001:db8:1:2::1', '2001:db8:1:2:ffff::9', '2001:0DB8:0001:0002:a:b:c:d', true],
    ['two /64', '2001:db8:1:3::1', '2001:db8:1:3::1', '2001:db8:1:4::1', false],
    ['IPv4 in IPv6', '198.51.100.7', '::ffff:198.51.100.7', '::FFFF:198.51.100.7', true],
    ['IPv4 in IPv6, in hexadecimal', '198.51.100.8', '198.51.100.8', '::ffff:c633:6408', true],
    ['two IPv4', '198.51.100.10', '198.51.100.10', '198.51.100.11', false],
    ['two IPv4 in IPv6', '::ffff:198.51.100.20', '::ffff:198.51.100.20', '::ffff:198.51.100.21', false],
    ['two IPv4 in IPv6, in hexadecimal', '::ffff:c633:641e', '::ffff:c633:641e', '::ffff:c633:641f', false],
    ['a zone', 'fe80::1%eth0', 'fe80::2%eth1', 'fe80::3', true]
  ] as const) {
    await knock(server, first)
    await knock(server, second)
    t.match(outcome(await knock(server, third)), isOne ? TOO_MANY : /^400/, name)
  }
})

t.test('knocking on prolongs no wait, every counter dies by itself, and forwarded addresses are not believed', async (t) => {
  const server = await startApp(t, { env: { LIMIT_LOGIN_PER_SOURCE: '3' } })
  const { redis } = server
  const ip = '192.0.2.9'
  for (let turn = 0; turn < 3; turn++) await knock(server, ip)
  await ageRecords(redis.client, ['limit:'], 40_000)
  for (let turn = 0; turn < 20; turn++) t.match(outcome(await knock(server, ip)), TOO_MANY)
  const ttls = async (): Promise<number[]> =>
    await Promise.all((await redis.client.keys('limit:*')).map(async (key) => await redis.client.pttl(key)))
  t.ok((await ttls()).every((ttl) => ttl > 0 && ttl <= 20_000), 'still the first window')
  for (const header of ['x-forwarded-for', 'forwarded', 'x-real-ip', 'cf-connecting-ip', 'true-client-ip']) {
    const answer = await server
      .browser({ ip })
      .post('/auth/login', {}, { headers: { [header]: header === 'forwarded' ? 'for=203.0.113.5' : '203.0.113.5' } })
    t.match(outcome(answer), TOO_MANY, header)
  }
  await ageRecords(redis.client, ['limit:'], 20_000)
  t.strictSame(await ttls(), [])
  t.match(outcome(await knock(server, ip)), /^400/, 'and the window is over')

  const proxied = await startApp(t, { env: { LIMIT_LOGIN_PER_SOURCE: '1', TRUST_PROXY: '192.0.2.0/24' } })
  const through = async (proxy: string, chain: string): Promise<string> =>
    outcome(await proxied.browser({ ip: proxy }).post('/auth/login', {}, { headers: { 'x-forwarded-for': chain } }))
  t.match(await through('192.0.2.1', '203.0.113.1'), /^400/)
  t.match(await through('192.0.2.2', '203.0.113.2'), /^400/, 'two people behind the trusted proxy')
  t.match(await through('192.0.2.2', '198.18.0.1, 203.0.113.2'), TOO_MANY, 'what a client puts before its own address is not believed')
  t.match(await through('198.51.100.1', '203.0.113.3'), /^400/)
  t.match(await through('198.51.100.1', '203.0.113.4'), TOO_MANY, 'a stranger is no proxy')
})

t.test('an address that a proxy passes on is one source however it is written, and what is no address counts as the proxy', async (t) => {
  const server = await startApp(t, { env: { LIMIT_LOGIN_PER_SOURCE: '2', TRUST_PROXY: '[::ffff:192.0.2.1],2001:db8:ffff::/48' } })
  const through = async (chain: string, proxy = '192.0.2.1'): Promise<string> =>
    outcome(await server.browser({ ip: proxy }).post('/auth/login', {}, { headers: { 'x-forwarded-for': chain } }))
  const many = (length: number, one: (turn: number) => string): string[] => Array.from({ length }, (_, turn) => one(turn))
  for (const [name, chains] of Object.entries({
    ports: many(5, (turn) => `203.0.113.2:${4000 + turn}`),
    'IPv4 in IPv6, with and without brackets, port and quotes': [
      '::ffff:203.0.113.3',
      '[::ffff:203.0.113.3]:4000',
      '::FFFF:203.0.113.3:4000',
      '"203.0.113.3:4001"',
      '::ffff:cb00:7103'
    ],
    'brackets, ports and zones of a /64': [
      '[2001:db8:1:2::1]:4000',
      '[2001:db8:1:2::2]',
      '2001:db8:1:2::3%eth0.7',
      '"[2001:db8:1:2::4%25en-0]:9"',
      '2001:db8:1:2:5:6:7:8:4000'
    ],
    'no address': [
      'unknown',
      '_hidden',
      '1.2.3',
      '0x7f.1',
      '127.1',
      '2130706433',
      '203.0.113.300',
      `203.0.113.9${'9'.repeat(4000)}`,
      ' ',
      '[]:1'
    ],
    'no address, behind two proxies': many(5, (turn) => `rubbish-${turn}, 2001:db8:ffff::${turn + 1}:1`)
  })) {
    const outcomes: string[] = []
    for (const chain of chains) outcomes.push(await through(chain))
    t.match(outcomes.slice(0, 2), [/^400/, /^400/], name)
    for (const [turn, one] of outcomes.slice(2).entries()) t.match(one, TOO_MANY, `${name}: ${chains[turn + 2]?.slice(0, 40)}`)
  }
  t.match(await through('203.0.113.4, 192.0.2.1:443', '::ffff:192.0.2.1'), /^400/, 'a proxy is known by its address, not by its port')
  t.match(await through('203.0.113.4, [2001:db8:ffff::7]:443'), /^400/)
  t.match(await through('203.0.113.4'), TOO_MANY)

  const logged = server.logs.map((line) => json<{ ip?: string }>(line).ip).filter((ip) => ip !== undefined)
  t.strictSame([...new Set(logged)].sort(), [
    '192.0.2.1', '2001:db8:1:2:5:6:7:8', ...many(4, (turn) => `2001:db8:1:2::${turn + 1}`),
    ...many(5, (turn) => `2001:db8:ffff::${turn + 1}:1`), '203.0.113.2', '203.0.113.3', '203.0.113.4'
  ].sort(), 'and no log line holds more than an address')
})

t.test('the session list, the activity and the mails name the address, without what a proxy wrote around it', async (t) => {
  const server = await startApp(t, { env: { TRUST_PROXY: '127.0.0.1' } })
  const { who, token } = await signUp(server)
  const headers = { 'x-forwarded-for': '[2001:DB8:0::7]:4000' }
  const browser = server.browser({ ip: '127.0.0.1' })
  await browser.post('/auth/login', { email: who.email, password: who.password }, { headers })
  await browser.post('/auth/verify-otp', { otp: await server.smtp.code(who.email) }, { headers })
  t.ok(server.smtp.mails.some(({ text }) => text.includes('2001:db8::7')))
  const ips = async (path: string): Promise<unknown[]> =>
    shaped<Array<{ ip: string }>>((await browser.get(path, { token })).body['items']).map(({ ip }) => ip)
  t.equal((await ips('/users/me/sessions'))[0], '2001:db8::7')
  t.equal((await ips('/users/me/activity'))[0], '2001:db8::7')
})

t.test('Redis gone: a limited route lets nobody through', async (t) => {
  const server = await startApp(t)
  await server.redis.kill9()
  for (const path of ['/auth/login', '/auth/register', '/auth/2fa/resend']) {
    t.match(outcome(await knock(server, '192.0.2.1', path)), '503 SERVICE_UNAVAILABLE')
  }
})

t.test('neither the Redis dump nor the log holds a password, code, token, cookie or counted address', async (t) => {
  const ip = '203.0.113.77'
  const server = await startApp(t, { env: { LOG_LEVEL: 'trace', LIMIT_RESEND_PER_SOURCE: '1' } })
  const secrets = new Set<string>([SECRET])
  const who = person()
  const browser = server.browser({ ip })
  const keep = (...answers: Answer[]): void => {
    for (const { body } of answers) for (const name of ['accessToken', 'pendingToken']) if (body[name]) secrets.add(String(body[name]))
    for (const value of browser.cookies.values()) secrets.add(value)
  }
  keep(await browser.post('/auth/register', who))
  const signUpCode = await server.smtp.code(who.email)
  keep(await browser.post('/auth/verify-otp', { otp: wrongCode(signUpCode) }), await browser.post('/auth/verify-otp', { otp: signUpCode }))
  keep(await browser.post('/auth/refresh'), await browser.post('/auth/refresh'))
  for (const password of ['tried-in-vain-1', 'tried-in-vain-2']) {
    keep(
      await browser.post('/auth/login', { email: who.email, password }),
      await browser.post('/auth/login', { email: 'nobody.at.all@example.org', password })
    )
    secrets.add(password)
  }
  keep(await browser.post('/auth/login', { email: who.email, password: who.password }))
  keep(await browser.post('/auth/2fa/resend', {}), await browser.post('/auth/2fa/resend', {}))
  const loginCode = await server.smtp.code(who.email)
  const refresh = browser.cookies.get('refresh') ?? ''
  keep(await browser.post('/auth/verify-otp', { otp: loginCode }))
  keep(
    await browser.get(`/auth/me?token=${refresh}&email=${who.email}`, { token: 'not.a.token-but-secret' }),
    await browser.get(`/verify-otp?email=${who.email}&otp=${loginCode}`)
  )
  keep(await browser.post('/auth/login', undefined, { raw: `{"email":"${who.email}","password":"${who.password}` }))
  keep(await server.browser().post('/auth/refresh', undefined, { headers: { cookie: 'refresh=stolen-cookie-value' } }))
  const waiting = server.browser({ ip })
  const open = await waiting.post('/auth/login', { email: who.email, password: who.password })
  keep(open)
  const openCode = await server.smtp.code(who.email)
  await mailsSettled(server)

  for (const one of [who.password, 'not.a.token-but-secret', 'stolen-cookie-value', refresh]) secrets.add(one)
  const dump = await dumpOf(server)
  const log = server.logs.join('\n')
  t.ok(dump.length > 20 && server.logs.length > 20)
  for (const secret of secrets) {
    t.notOk(dump.some((text) => text.includes(secret)), `Redis: ${secret.slice(0, 12)}...`)
    t.notOk(log.includes(secret), `log: ${secret.slice(0, 12)}...`)
  }
  for (const code of [signUpCode, loginCode, openCode]) {
    const alone = new RegExp(`(?<!\\d)${code}(?!\\d)`)
    t.notOk(dump.some((text) => alone.test(text)), 'Redis holds no code, not even one that waits')
    t.notMatch(log, alone, 'nor does the log')
  }
  t.notOk(log.includes(who.email) || log.includes('nobody.at.all'), 'the log names accounts by id')
  const names = (await server.redis.client.keys('*')).join('\n')
  t.match(names, /limit:.*\n?/)
  t.match(names, /:throttle:/)
  for (const personal of [who.email, who.email.split('@')[0] ?? '', 'nobody.at', ip, '203.0']) {
    t.notOk(names.includes(personal), `no key is named after ${personal}`)
  }
  t.notMatch(dump.join('\n'), /nobody\.at\.all/, 'an address that only failed to log in is kept nowhere')
  t.strictSame(await immortalKeys(server.redis.client), [], 'whatever is not an account dies by itself')
})

t.test('what a stranger writes becomes one well-formed, short log line', async (t) => {
  const server = await startApp(t)
  const { browser, who } = await signUp(server)
  const evil = `${ESCAPE}[31mred${ESCAPE}[0m","level":60,"event":"forged"`
  const headers = { 'user-agent': `${evil}${'x'.repeat(10_000)}`, 'x-request-id': evil, 'accept-language': evil }
  await browser.post('/auth/login', { email: who.email, password: who.password }, { headers })
  await browser.post('/auth/verify-otp', { otp: '000000' }, { headers })
  await browser.get(`/${encodeURIComponent(evil)}`, { headers })
  await browser.post('/auth/register', { ...who, [evil]: 1 }, { headers })
  for (const line of server.logs) {
    t.ok(line.length < 600, `${line.length} characters`)
    t.notOk(line.includes(ESCAPE) || line.includes('\\u001b'), 'nothing that a terminal obeys')
    const { level, event } = json(line)
    t.ok(level !== 60 && event !== 'forged', 'nothing that reads like a line of ours')
  }
  const checks = server.logs.map((line) => json(line)).filter(({ event }) => event === 'otp.checked')
  t.match(checks, [
    { purpose: 'sign-up', method: 'email', result: 'OK', ip: /^10\./, device: 'Firefox on Linux', attempt: /^[\w-]{22}$/, time: /Z$/ },
    { purpose: 'login', method: 'email', result: 'OTP_INVALID', ip: /^10\./ }
  ], 'every check of a code is one event')
  t.equal(checks.length, 2)
})

t.test('of a User-Agent only names that we know are told, mailed and logged: nobody writes to people in our name', async (t) => {
  const server = await startApp(t)
  const phone = '380501234567'
  const texts = [
    `Your account is blocked, call +${phone} now`, `Call-+${phone}/1.0 (Windows NT 10.0)`, `Call +${phone}/1.0 (X11; Linux x86_64)`,
    `+${phone}`, `Mozilla/5.0 (Linux; Android 14; Call +${phone}) AppleWebKit/537.36 Call-${phone}/1`, `curl +${phone}`
  ]
  for (const userAgent of texts) {
    const { who, id } = await signUp(server)
    const browser = server.browser({ userAgent })
    await browser.post('/auth/register', who)
    await browser.post('/auth/password/forgot', { email: who.email })
    await server.smtp.code(who.email)
    await browser.post('/auth/login', { email: who.email, password: who.password })
    await server.smtp.code(who.email)
    await browser.post('/auth/verify-otp', { otp: '000000' })
    const { token } = await logIn(server, who, browser)
    await mailsSettled(server)
    const lists = await Promise.all(['sessions', 'activity'].map(async (path) => (await browser.get(`/users/me/${path}`, { token })).text))
    const mails = server.smtp.mails.filter(({ to }) => to === who.email).map(({ raw, text, html, subject }) => [raw, text, html, subject])
    t.ok(mails.length >= 6 && lists.every((text) => text.includes('items')))
    const told = [...lists, ...mails.flat(), ...server.logs, ...await dumpOf(server)]
    t.same(told.filter((text) => text.includes(phone)), [])
    const session = keys.account(id).session(String(decode(token).claims['sid']))
    t.match(await server.redis.client.hget(session, 'device'), /^(\?|Windows|Linux|Android|Android Browser on Android|curl)$/)
  }
  const iPhone = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/604.1'
  const known = { 'curl/8.5.0': 'curl', [iPhone]: 'Safari on iOS', '': '?' }
  for (const [userAgent, device] of Object.entries(known)) t.equal(describeDevice(userAgent), device)
})

t.test('a retired SECRET still opens what it sealed, and each use moves it to the new one', async (t) => {
  const signingKeys = newSigningKeys('test')
  const old = await startApp(t, { signingKeys })
  const shared = { signingKeys, redis: old.redis, smtp: old.smtp, secret: NEXT_SECRET }
  const [oldId, newId] = [SECRET, NEXT_SECRET].map((secret) => createKeyring(secret).current.id)
  const { who, browser, id } = await signUp(old)
  const newcomer = person()
  const signUpPending = String((await old.browser().post('/auth/register', newcomer)).body['pendingToken'])
  const signUpCode = await old.smtp.code(newcomer.email)
  const loginPending = String((await old.browser().post('/auth/login', { email: who.email, password: who.password })).body['pendingToken'])
  const loginCode = await old.smtp.code(who.email)
  const record = async (): Promise<string> => await old.redis.client.hget(keys.account(id).record, 'passwordHash') ?? ''
  t.equal((await record()).slice(0, 4), oldId)
  await t.rejects(startApp(t, shared), /SECRET_PREVIOUS/, 'without it the server says what to do instead of losing every account')
  await old.close()

  const between = await startApp(t, { ...shared, env: { SECRET_PREVIOUS: SECRET } })
  await ageRecords(old.redis.client, [ALL_ACCOUNTS, ALL_ADDRESSES], 61_000)
  t.equal((await between.browser().post('/auth/2fa/resend', {}, { token: loginPending })).status, 200)
  t.equal(await old.smtp.code(who.email), loginCode, 'a sealed code is opened and mailed again')
  t.equal(
    (await between.browser().post('/auth/verify-otp', { otp: loginCode }, { token: loginPending })).status,
    200,
    'a pending token and a code'
  )
  t.equal((await between.browser().post('/auth/verify-otp', { otp: signUpCode }, { token: signUpPending })).status, 200, 'of a sign-up too')

  const carried = between.browser()
  carried.cookies.set('refresh', browser.cookies.get('refresh') ?? '')
  t.equal((await carried.post('/auth/refresh')).status, 200, 'a refresh token')
  t.equal(carried.cookies.get('refresh')?.slice(0, 4), newId, 'its successor is of the new SECRET')
  await logIn(between, who)
  await logIn(between, newcomer)
  while ((await record()).slice(0, 4) !== newId) await new Promise(setImmediate)
  t.pass('the password record was made again under the new SECRET')
  await between.close()

  const after = await startApp(t, shared)
  const last = after.browser()
  last.cookies.set('refresh', carried.cookies.get('refresh') ?? '')
  t.equal((await last.post('/auth/refresh')).status, 200)
  await logIn(after, who)
  const stale = await after.browser().post('/auth/refresh', undefined, { headers: { cookie: `refresh=${browser.cookies.get('refresh')}` } })
  t.equal(outcome(stale), '401 REFRESH_TOKEN_INVALID', 'what was not moved is refused once the old SECRET is gone')
  t.equal(outcome(await after.browser().get('/auth/2fa', { token: loginPending })), '401 TOKEN_INVALID')
})

/** Every key and every value of Redis as text. */
async function dumpOf ({ redis: { client } }: TestApp): Promise<string[]> {
  const names = await client.keys('*')
  const values = await Promise.all(names.map(async (key) => {
    switch (await client.type(key)) {
      case 'string': return [await client.get(key)]
      case 'hash': return Object.entries(await client.hgetall(key)).flat()
      case 'zset': return await client.zrange(key, '0', '-1')
      case 'list': return await client.lrange(key, 0, -1)
      case 'set': return await client.smembers(key)
      case 'stream': return [JSON.stringify(await client.xrange(key, '-', '+'))]
      // It ended meanwhile.
      case 'none': return []
      default: throw new Error(`${key} is of a kind this dump does not know`)
    }
  }))
  return [...names, ...values.flat().map(String)]
}
