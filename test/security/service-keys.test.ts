import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import { formatServiceKey, type Scope, SCOPES } from '../../src/records/service-keys/service-key.ts'
import { keys } from '../../src/platform/redis/keys.ts'
import { SECRET, signUp, startApp, type TestApp } from '../support/app.ts'
import { dvokrok, workFolder } from '../support/commands.ts'
import { refusalOf } from '../support/observe.ts'

/** The application with two routes that a service may call: one for it alone, one for admins as well. */
async function startWith (t: Test, env: Record<string, string> = {}): Promise<TestApp> {
  let isAdded = false
  const add = (instance: FastifyInstance, { prefix }: { prefix?: string }): void => {
    if (prefix !== '/health' || isAdded) return
    isAdded = true
    const answer = async (request: Parameters<FastifyInstance['requester']>[0]) => instance.requester(request).actor
    instance.get('/events', { config: { access: { scope: 'events:read' } } }, answer)
    instance.get('/users', { config: { access: { scope: 'users:read', or: 'admin' } } }, answer)
    instance.post('/truth', { config: { access: { scope: 'introspect' } } }, answer)
  }
  return await startApp(t, { env, before: (fastify) => fastify.addHook('onRegister', add) })
}

const server = await startWith(t)
/** As a service calls: without an Origin. */
const call = async (path: string, headers: Record<string, string> = {}, method: 'GET' | 'POST' = 'GET', to = server) => {
  const { statusCode, headers: { 'www-authenticate': challenge }, body } = await to.fastify.inject({ method, url: path, headers })
  const parsed: unknown = JSON.parse(body)
  return { status: statusCode, challenge, body: parsed }
}
const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
const newKey = async (name: string, scopes: Scope[], at = server) => await at.inside.records.serviceKeys.add(name, scopes)

t.test('a key opens what its scope names and nothing else, and is the actor there', async (t) => {
  const credentials = await newKey('shop', ['events:read'])
  const key = formatServiceKey(credentials)
  t.match(key, /^dvk_[0-9a-f]{16}_[0-9a-f]{64}$/)
  t.strictSame(await call('/health/events', bearer(key)), {
    status: 200, challenge: undefined, body: { kind: 'key', id: credentials.id, name: 'shop' }
  })
  const { status, challenge, body } = await call('/health/users', bearer(key))
  t.match([status, challenge, body], [403, /error="insufficient_scope"/, { code: 'SCOPE_MISSING' }])
  for (const path of ['/auth/me', '/admin/activity', '/users/me/sessions', '/metrics']) {
    t.match(await call(path, bearer(key)), { status: 401, body: { code: 'TOKEN_INVALID' } }, `${path} is not for keys`)
  }
})

t.test('a route for admins and keys lets both in, and nobody else', async (t) => {
  const admin = await signUp(server)
  t.match(refusalOf(await server.browser().get('/health/users', { token: admin.token })), [403, 'FORBIDDEN'])
  await server.inside.records.administration.grant(admin.id)
  await admin.browser.post('/auth/login', admin.who)
  const { body } = await admin.browser.post('/auth/login', { email: admin.who.email, password: admin.who.password })
  t.equal(body['twoFactorRequired'], true)
  const verified = await admin.browser.post('/auth/verify-otp', { otp: await server.smtp.code(admin.who.email) })
  const token = String(verified.body['accessToken'])
  t.match(await admin.browser.get('/health/users', { token }), { status: 200, body: { kind: 'session', id: admin.id } })
  t.match(refusalOf(await admin.browser.get('/health/events', { token })), [401, 'TOKEN_INVALID'], 'a session is no key')
  const key = formatServiceKey(await newKey('reader', ['users:read']))
  t.match(await call('/health/users', bearer(key)), { status: 200, body: { kind: 'key' } })
  t.match(await call('/health/users'), { status: 401, body: { code: 'TOKEN_MISSING' } })
})

t.test('a wrong secret, an unknown id and another form are refused alike, and a removed key at its next request', async (t) => {
  const one = await newKey('one', ['events:read'])
  const other = await newKey('other', ['events:read'])
  const wrong = [
    formatServiceKey({ id: one.id, secret: other.secret }),
    formatServiceKey({ id: '0'.repeat(16), secret: one.secret }),
    formatServiceKey(one).slice(0, -1),
    `${formatServiceKey(one)}0`,
    formatServiceKey(one).toUpperCase()
  ]
  for (const key of wrong) {
    t.match(await call('/health/events', bearer(key)), { status: 401, challenge: /invalid_token/, body: { code: 'TOKEN_INVALID' } }, key)
  }
  t.match(await call('/health/events', bearer(formatServiceKey(one))), { status: 200 })
  t.equal(await server.inside.records.serviceKeys.remove(one.id), true)
  t.equal(await server.inside.records.serviceKeys.remove(one.id), false)
  t.match(await call('/health/events', bearer(formatServiceKey(one))), { status: 401, body: { code: 'TOKEN_INVALID' } })
  t.match(await call('/health/events', bearer(formatServiceKey(other))), { status: 200 })
})

t.test('a key in a browser is refused, whichever origin it is', async (t) => {
  const key = formatServiceKey(await newKey('page', [...SCOPES]))
  for (const origin of ['http://localhost:3000', 'https://evil.example', 'null']) {
    t.match(await call('/health/events', { ...bearer(key), origin }), { status: 403, body: { code: 'ORIGIN_FORBIDDEN' } }, origin)
  }
})

t.test('HTTP Basic is taken where RFC 7662 asks for it, and only there', async (t) => {
  const { id, secret } = await newKey('gateway', [...SCOPES])
  const basic = { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` }
  t.match(await call('/health/truth', basic, 'POST'), { status: 200, body: { id } })
  t.match(await call('/health/events', basic), { status: 401, body: { code: 'TOKEN_MISSING' } })
  const wrong = { authorization: `Basic ${Buffer.from(`${id}:${'0'.repeat(64)}`).toString('base64')}` }
  t.match(await call('/health/truth', wrong, 'POST'), { status: 401, challenge: /^Basic realm=/, body: { code: 'TOKEN_INVALID' } })
})

t.test('Redis holds a hash of the secret, the log and the answers nothing of it', async (t) => {
  const { id, secret } = await newKey('quiet', ['events:read'])
  await call('/health/events', bearer(formatServiceKey({ id, secret })))
  await call('/health/users', bearer(formatServiceKey({ id, secret })))
  const record = await server.redis.client.hget(keys.serviceKeys, id)
  t.match(record, /"name":"quiet"/)
  t.notMatch(record, secret)
  const lines = server.logs.filter((line) => line.includes(id))
  t.match(lines, [/"refusal":"SCOPE_MISSING"/], 'the refusal names the key by its id')
  t.notMatch(server.logs.join('\n'), secret)
})

t.test('the last use is kept once a minute, and a key over its limit is refused while others go on', async (t) => {
  const limited = await startWith(t, { LIMIT_PER_SERVICE_KEY: '5' })
  const { records, redis } = limited.inside
  const busy = await newKey('busy', ['events:read'], limited)
  const calm = await newKey('calm', ['events:read'], limited)
  t.match((await records.serviceKeys.list()).map(({ name, lastUsedAt }) => [name, lastUsedAt]), [['busy', null], ['calm', null]])
  const headers = bearer(formatServiceKey(busy))
  const answers = await Promise.all(Array.from({ length: 20 }, async () => await call('/health/events', headers, 'GET', limited)))
  // Two minutes may share them.
  const taken = answers.filter(({ status }) => status === 200).length
  t.ok(taken === 5 || taken === 10, `${taken} were taken`)
  t.match(answers.find(({ status }) => status !== 200), { status: 429, body: { code: 'TOO_MANY_REQUESTS' } })
  t.match(await call('/health/events', bearer(formatServiceKey(calm)), 'GET', limited), { status: 200 })
  for (const { id } of [busy, calm]) t.ok(await redis.hget(keys.serviceKeyUses, id), 'noted')
  await records.serviceKeys.remove(busy.id)
  await records.serviceKeys.noteUse(busy.id)
  t.equal(await redis.hget(keys.serviceKeyUses, busy.id), null, 'nothing of a removed key comes back')
})

t.test('the command makes, lists and removes keys, and prints the key once and alone', async (t) => {
  const env = { REDIS_URL: server.redis.url, SECRET, SMTP_URL: server.smtp.url, MAIL_FROM: 'a@b.example' }
  const cwd = workFolder(t)
  const service = async (...args: string[]) => await dvokrok(['service-key', ...args], env, cwd)
  const made = await service('add', 'Billing, night run', 'users:read,events:read')
  t.match(made, { code: 0, out: /^dvk_[0-9a-f]{16}_[0-9a-f]{64}\n$/, err: /shown this once/ })
  const key = made.out.trim()
  const [, id = '', secret = ''] = key.split('_')
  t.match(await call('/health/events', bearer(key)), { status: 200, body: { name: 'Billing, night run' } })
  const listed = await service('list')
  t.match(listed, { code: 0, out: new RegExp(`^${id}  Billing, night run  users:read,events:read  made 2\\d{3}-.*last used 2`, 'm') })
  t.notMatch(listed.out + listed.err, secret)
  t.match(await service('remove', id), { code: 0 })
  t.match(await call('/health/events', bearer(key)), { status: 401 })
  t.match(await service('remove', id), { code: 1, err: /no service key/ })
  t.match(await service('add', 'x', 'users:all'), { code: 2, err: /no scope “users:all”\. Scopes are users:read, / })
  t.match(await service('add', 'x'), { code: 2, err: /takes add NAME/ })
  for (const name of ['self', 'Admin', ' admin ']) {
    t.match(await service('add', name, 'users:read'), { code: 2, out: '', err: /NAME cannot be/ }, 'a log tells by the name who did it')
  }
  t.match(await service('remove'), { code: 2 })
})
