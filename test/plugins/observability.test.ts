import { readFileSync } from 'node:fs'
import t from 'tap'
import { PROBLEMS } from '../../src/errors.ts'
import { keys } from '../../src/platform/redis/keys.ts'
import { logOptions } from '../../src/platform/logging/logging.ts'
import { logIn, signUp, startApp, type TestApp, wrongCode } from '../support/app.ts'
import { decode } from '../support/browser.ts'
import { mailsSettled } from '../support/observe.ts'
import { startReceiver } from '../support/receiver.ts'
import { startOneRedis } from '../support/redis.ts'
import { json } from '../support/shapes.ts'

const HERE = { ip: '127.0.0.1', origin: 'http://localhost' }
const TOKEN = 'a-token-for-prometheus-0123456789'

/** The samples by their names, as Prometheus would read them. */
async function scrape (server: TestApp): Promise<Map<string, number>> {
  const { status, text, headers } = await server.browser(HERE).get('/metrics')
  t.equal(status, 200)
  t.match(headers['content-type'], /^text\/plain; version=0\.0\.4/)
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]))
}

t.test('metrics are for this machine and for whoever has the token, and for nobody else', async (t) => {
  const server = await startApp(t, { env: { METRICS_TOKEN: TOKEN } })
  const ask = async (options: { ip?: string, token?: string, headers?: Record<string, string> } = {}): Promise<[number, unknown]> => {
    const { ip = '192.0.2.1', ...call } = options
    const { status, body } = await server.browser({ ip }).call('GET', '/metrics', undefined, call)
    return [status, body['code']]
  }
  t.strictSame(await ask({ ip: '127.0.0.1' }), [200, undefined])
  t.strictSame(await ask({ ip: '::1' }), [200, undefined])
  t.strictSame(await ask({ token: TOKEN }), [200, undefined])
  t.strictSame(await ask(), [401, 'TOKEN_MISSING'])
  t.strictSame(await ask({ token: TOKEN.slice(1) }), [401, 'TOKEN_INVALID'])
  t.strictSame(await ask({ ip: '127.0.0.1', token: 'wrong' }), [401, 'TOKEN_INVALID'])
  for (const header of ['x-forwarded-for', 'forwarded', 'x-real-ip', 'via']) {
    t.strictSame(
      await ask({ ip: '127.0.0.1', headers: { [header]: '127.0.0.1' } }),
      [401, 'TOKEN_MISSING'],
      `a proxy here speaks for somebody else: ${header}`
    )
  }
  t.strictSame(
    await ask({ ip: '127.0.0.1', headers: { host: 'metrics.example.org' } }),
    [401, 'TOKEN_MISSING'],
    'a page whose name was pointed here'
  )

  const { token } = await signUp(server)
  t.strictSame(await ask({ token }), [401, 'TOKEN_INVALID'], 'an access token is no such token')
})

t.test('a host that a stranger says a proxy here was asked for opens no metrics', async (t) => {
  const server = await startApp(t, { env: { TRUST_PROXY: '127.0.0.1' } })
  const ask = async (headers: Record<string, string>): Promise<number> =>
    (await server.browser(HERE).get('/metrics', { headers })).status
  for (const host of ['id.example.org', 'id.example.org:3000', '']) {
    t.equal(await ask({ host, 'x-forwarded-host': 'localhost' }), 401, host)
  }
  t.equal(await ask({ host: 'localhost', 'x-forwarded-host': 'localhost' }), 401, 'who says it at all is passed on')
  for (const host of ['localhost:3000', '127.0.0.1:80', '[::1]:3000', '[::1]']) t.equal(await ask({ host }), 200, host)
})

t.test('in production only METRICS_TOKEN reads the metrics: a proxy that adds no header makes everybody local', async (t) => {
  const production = { NODE_ENV: 'production', SECRET: 'a production secret that is long: 0123456789', SIGNING_KEYS: 'keys.json' }
  for (const env of [production, { ...production, METRICS_TOKEN: TOKEN }]) {
    const server = await startApp(t, { env })
    const ask = async (token?: string): Promise<number> => (await server.browser(HERE).get('/metrics', { token })).status
    t.equal(await ask(), 401)
    t.equal(await ask(TOKEN), 'METRICS_TOKEN' in env ? 200 : 401)
  }
})

t.test('without METRICS_TOKEN no Bearer reads the metrics', async (t) => {
  const server = await startApp(t)
  t.equal((await server.browser({ ip: '192.0.2.1' }).call('GET', '/metrics', undefined, { token: TOKEN })).status, 401)
})

t.test('the line of a refusal says why, and whose account it was where that is known', async (t) => {
  const server = await startApp(t)
  const { who, browser, token, id } = await signUp(server)
  const lineOf = async (ask: Promise<unknown>): Promise<Record<string, unknown>> => {
    await ask
    return json<Record<string, unknown>>(server.logs.findLast((line) => line.includes('"event":"request"')) ?? '{}')
  }
  const pending = server.browser()
  await pending.post('/auth/login', { email: who.email, password: who.password })
  await server.redis.client.hset(keys.account(id).session(String(decode(token).claims['sid'])), 'recentAt', 0)
  for (const [ask, status, refusal] of [
    [async () => await browser.get('/admin/users', { token }), 403, 'FORBIDDEN'],
    [async () => await browser.get('/users/me/export', { token }), 403, 'REAUTHENTICATION_REQUIRED'],
    [async () => await browser.call('DELETE', '/users/me/sessions/nobody', undefined, { token }), 404, 'NOT_FOUND'],
    [async () => await browser.call('PATCH', '/users/me', { nickname: 'x' }, { token }), 400, 'VALIDATION_FAILED'],
    [async () => await pending.post('/auth/verify-otp', { otp: '000000' }), 400, 'OTP_INVALID']
  ] as const) t.match(await lineOf(ask()), { status, refusal, account: id }, refusal)
  const unknown = await lineOf(browser.get('/nowhere', { token }))
  t.match(unknown, { status: 404, refusal: 'NOT_FOUND' })
  t.notOk('account' in unknown, 'where nobody is asked who they are')
  const wrong = await lineOf(server.browser().post('/auth/login', { email: who.email, password: 'not-the-right-one' }))
  t.match(wrong, { status: 401, refusal: 'CREDENTIALS_INVALID' })
  t.notOk('account' in wrong)
  t.match(await lineOf(browser.post('/auth/refresh')), { status: 200, account: id })
  t.notOk(server.logs.some((line) => line.includes(who.email)), 'never by its address')
})

t.test('requests, refusals, logins, codes and mails are counted', async (t) => {
  const server = await startApp(t)
  const { who, browser, token, id } = await signUp(server)
  await browser.get('/auth/me', { token })
  await browser.get('/auth/me', { token })
  await browser.get('/auth/me', { token: `${token}x` })
  await browser.get('/nothing')
  await server.browser().post('/auth/login', { email: who.email, password: 'not the password' })
  const login = server.browser()
  await login.post('/auth/login', { email: who.email, password: who.password })
  await login.post('/auth/verify-otp', { otp: wrongCode(await server.smtp.code(who.email)) })
  await logIn(server, who)
  await mailsSettled(server)

  const metrics = await scrape(server)
  const expected = {
    'dvokrok_requests_total{method="GET",route="/auth/me",status="200"}': 2,
    'dvokrok_requests_total{method="GET",route="/auth/me",status="401"}': 1,
    'dvokrok_requests_total{method="other",route="none",status="404"}': 1,
    'dvokrok_requests_total{method="POST",route="/auth/login",status="200"}': 2,
    'dvokrok_request_duration_seconds_count{method="GET",route="/auth/me"}': 3,
    'dvokrok_request_duration_seconds_bucket{method="GET",route="/auth/me",le="+Inf"}': 3,
    'dvokrok_refusals_total{code="TOKEN_INVALID"}': 1,
    'dvokrok_refusals_total{code="NOT_FOUND"}': 1,
    'dvokrok_refusals_total{code="OTP_INVALID"}': 1,
    'dvokrok_logins_total{outcome="wrong_password"}': 1,
    'dvokrok_logins_total{outcome="second_step"}': 2,
    'dvokrok_logins_total{outcome="wrong_code"}': 1,
    'dvokrok_logins_total{outcome="signed_in"}': 2,
    'dvokrok_codes_total{purpose="sign-up",event="used"}': 1,
    'dvokrok_codes_total{purpose="login",event="sent"}': 2,
    'dvokrok_codes_total{purpose="login",event="wrong"}': 1,
    'dvokrok_codes_total{purpose="login",event="used"}': 1,
    dvokrok_password_jobs_waiting: 0,
    dvokrok_password_jobs_refused_total: 0,
    dvokrok_mails_waiting: 0,
    dvokrok_redis_up: 1
  }
  for (const [name, value] of Object.entries(expected)) t.equal(metrics.get(name), value, name)
  t.ok((metrics.get('dvokrok_mails_total{outcome="sent"}') ?? 0) >= 3)
  t.equal(metrics.get('dvokrok_mail_delay_seconds_count'), metrics.get('dvokrok_mails_total{outcome="sent"}'))
  t.ok((metrics.get('dvokrok_redis_command_duration_seconds_count') ?? 0) > 0, 'some commands of Redis were measured')
  t.ok((metrics.get('dvokrok_password_jobs_total') ?? 0) > 0)
  t.ok((metrics.get('dvokrok_request_duration_seconds_sum{method="POST",route="/auth/login"}') ?? 0) > 0)
  for (const code of Object.keys(PROBLEMS)) {
    t.ok(metrics.has(`dvokrok_refusals_total{code="${code}"}`), `${code} can be alerted on from the start`)
  }
  t.notMatch([...metrics.keys()].join('\n'), new RegExp(`@|${id}`), 'no address and no id is a label')
})

t.test('metrics can be read while Redis is away, and say so', async (t) => {
  const server = await startApp(t)
  await server.redis.kill9()
  while (!server.logs.some((line) => line.includes('redis.away'))) await new Promise(setImmediate)
  const metrics = await scrape(server)
  t.equal(metrics.get('dvokrok_redis_up'), 0)
  t.ok(Number.isNaN(metrics.get('dvokrok_mails_waiting')), 'what nobody can know is not a number')
})

t.test('a process that cannot keep up says so at once, and still answers those who watch it', async (t) => {
  const server = await startApp(t)
  const probe = server.browser(HERE)
  const blockFor = (milliseconds: number): void => { Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds) }
  let answer = await probe.get('/auth/me')
  t.equal(answer.status, 401)
  for (let tries = 0; tries < 10 && answer.status !== 503; tries++) {
    blockFor(1_500)
    await new Promise(setImmediate)
    answer = await probe.get('/auth/me')
  }
  t.match([answer.status, answer.body, answer.headers['retry-after']], [503, { code: 'SERVICE_UNAVAILABLE' }, '2'])
  for (const url of ['/health/live', '/health/ready', '/metrics']) t.equal((await probe.get(url)).status, 200, url)

  const deadline = AbortSignal.timeout(30_000)
  while ((await probe.get('/auth/me')).status === 503 && !deadline.aborted) await new Promise((resolve) => { setTimeout(resolve, 20) })
  t.equal((await probe.get('/auth/me')).status, 401, 'it comes back by itself')
})

t.test('readiness tells why Redis takes no writes', async (t) => {
  const server = await startApp(t, { redis: await startOneRedis(t) })
  const ready = async (): Promise<unknown> => (await server.browser().get('/health/ready')).body['parts']
  t.strictSame(await ready(), { redis: 'up', mail: 'up' })
  await server.redis.client.config('SET', 'min-replicas-to-write', '1')
  t.strictSame(await ready(), { redis: 'away', reason: 'no_replicas', mail: 'up' })
  await server.redis.client.config('SET', 'min-replicas-to-write', '0')
  await server.redis.client.config('SET', 'maxmemory', '1')
  t.strictSame(await ready(), { redis: 'away', reason: 'full', mail: 'up' })
  await server.redis.client.config('SET', 'maxmemory', '0')
  t.strictSame(await ready(), { redis: 'up', mail: 'up' })
})

t.test('traces go to the collector that is configured, with routes and without anything of a person', async (t) => {
  const collector = await startReceiver(t)
  const server = await startApp(t, { env: { OTEL_EXPORTER_OTLP_ENDPOINT: new URL(collector.url).origin } })
  const { who, browser, token } = await signUp(server)
  const strangersTrace = '0af7651916cd43dd8448eb211c80319c'
  const me = await browser.call('GET', `/auth/me?email=${who.email}`, undefined, {
    token,
    headers: { traceparent: `00-${strangersTrace}-b7ad6b7169203331-01` }
  })
  await browser.get(`/users/${who.email}`, { token })
  await server.close()

  t.ok(collector.requests.length > 0)
  t.ok(collector.requests.every(({ path }) => path === '/v1/traces'))
  const told = collector.requests.map(({ raw }) => raw).join('\n')
  t.match(told, /"\/auth\/me"/)
  t.ok(told.includes(String(me.headers['x-request-id'])), 'a trace names its request')
  for (const secret of [who.email, encodeURIComponent(who.email), who.password, who.name, token, strangersTrace]) {
    t.notOk(told.includes(secret))
  }
})

t.test('without a collector nothing of OpenTelemetry is loaded', async (t) => {
  const plugin = readFileSync(new URL('../../plugins/platform/tracing.ts', import.meta.url), 'utf8')
  t.notMatch(plugin, /^import .*(?:otel|opentelemetry)/m)
})

t.test('a log line names its request, and what should not be in it is blotted out', async (t) => {
  const server = await startApp(t, { env: { LOG_LEVEL: 'debug' } })
  const { who, browser, token } = await signUp(server)
  const answer = await browser.get('/auth/me', { token: 'x' })
  const lines = server.logs.map((line) => json(line))
  t.match(
    lines.find(({ reqId, event }) => event === 'request' && reqId === answer.headers['x-request-id']),
    { route: '/auth/me', status: 401 }
  )
  t.strictSame(lines.filter(({ event, reqId }) => (event === 'request' || event === 'otp.checked') && typeof reqId !== 'string'), [])

  server.fastify.log.info(
    { password: who.password, headers: { authorization: `Bearer ${token}`, cookie: 'refresh=1', accept: 'text/html' } },
    'a mistake of ours'
  )
  const [slip = ''] = server.logs.slice(-1)
  t.match(JSON.parse(slip), { password: '[redacted]', headers: { authorization: '[redacted]', cookie: '[redacted]', accept: 'text/html' } })
  const lastLine = (): unknown => JSON.parse(server.logs.at(-1) ?? '')
  server.fastify.log.child({ token }).info({ seen: Object.assign(new Date(0), { otp: '123456', other: 1 }) }, 'another')
  t.match(lastLine(), { token: '[redacted]', seen: { otp: '[redacted]', other: 1 } })
  const { err } = logOptions('info').serializers
  t.strictSame(Object.keys(err(Object.assign(new Error('no'), { command: { args: [who.password] } }))), ['type', 'message', 'stack'])
})
