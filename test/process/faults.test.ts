import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import t, { type Test } from 'tap'
import { keys } from '../../src/platform/redis/keys.ts'
import { person } from '../support/app.ts'
import type { Answer, Browser } from '../support/browser.ts'
import { builtProgram, settings, signUpThere as signUp, startLoginThere as startLogin, startServer } from '../support/process.ts'
import { startRedis } from '../support/redis.ts'
import { startSmtp } from '../support/smtp.ts'

// A dozen processes are started one after the other: on a busy machine that takes its time.
t.setTimeout(300_000)

/** “Within a second”, seen from a busy machine. */
const LATEST_503_MS = 2_000

t.test('Redis frozen or gone: 503 in time, alive but not ready, nothing half done, back by itself', async (t) => {
  const [redis, smtp] = await Promise.all([startRedis(t), startSmtp(t)])
  const server = await startServer(t, settings(t, redis, smtp))
  const owner = await signUp(server, smtp)
  const other = await signUp(server, smtp)
  const waiting = await startLogin(server, smtp, other.who)
  const newcomer = person()

  async function refusesEverything (t: Test, typing: { browser: Browser, otp: string }): Promise<void> {
    const routes: Record<string, () => Promise<Answer>> = {
      register: async () => await server.browser().post('/auth/register', newcomer),
      login: async () => await server.browser().post('/auth/login', { email: owner.who.email, password: owner.who.password }),
      'verify-otp': async () => await typing.browser.post('/auth/verify-otp', { otp: typing.otp }),
      '2fa': async () => await waiting.browser.get('/auth/2fa'),
      resend: async () => await waiting.browser.post('/auth/2fa/resend'),
      refresh: async () => await owner.browser.post('/auth/refresh'),
      me: async () => await owner.browser.get('/auth/me', { token: owner.token }),
      logout: async () => await other.browser.post('/auth/logout', undefined, { token: other.token }),
      'logout-all': async () => await other.browser.post('/auth/logout-all', undefined, { token: other.token })
    }
    await Promise.all(Object.entries(routes).map(async ([name, ask]) => {
      const startedAt = performance.now()
      const { status, headers, body, setCookies } = await ask()
      t.ok(performance.now() - startedAt < LATEST_503_MS, `${name} does not keep anybody waiting`)
      t.match([status, headers['content-type'], body['code']], [503, /^application\/problem\+json/, 'SERVICE_UNAVAILABLE'], name)
      t.ok(
        Number(headers['retry-after']) >= 1 && body['retryAfterSeconds'] === Number(headers['retry-after']),
        `${name} says when to come back`
      )
      t.strictSame(setCookies, [], `${name} takes no cookie away`)
    }))
    t.equal((await server.browser().get('/health/live')).status, 200)
    const ready = await server.browser().get('/health/ready')
    t.match([ready.status, ready.body], [503, { code: 'SERVICE_UNAVAILABLE', parts: { redis: 'away', mail: 'up' } }])
    t.notMatch(ready.text, /unix|tmp|127\.0|smtp:/, 'and names no host')
  }

  // With its first use Redis learns a script: what is asked later needs one question only.
  const first = await startLogin(server, smtp, owner.who)
  await first.browser.post('/auth/verify-otp', { otp: first.otp })
  const typing = await startLogin(server, smtp, owner.who)

  await t.test('frozen', async (t) => {
    redis.pause()
    await refusesEverything(t, typing)
    redis.resume()
    await server.ready()
  })

  await t.test('what was refused is wholly done or not at all', async (t) => {
    t.equal((await owner.browser.get('/auth/me', { token: owner.token })).status, 200)
    t.equal((await owner.browser.post('/auth/refresh')).status, 200, 'the old refresh token still gets its successor')
    const again = await typing.browser.post('/auth/verify-otp', { otp: typing.otp })
    const sessions = await redis.client.zcard(keys.account(owner.id).sessions)
    // Redis may have read the question before it froze and acted on it when it woke: then there is a session, and the code is spent.
    if (again.status !== 200) t.equal(again.body['code'], 'CHALLENGE_INVALID')
    t.equal(sessions, 3, 'one session for the sign-up and one for each code')
    t.equal((await other.browser.post('/auth/logout', undefined, { token: other.token })).status, 204)
    t.equal((await other.browser.get('/auth/me', { token: other.token })).status, 401)
    await signUp(server, smtp)
    t.strictSame(smtp.mails.filter(({ to }) => to === newcomer.email), [], 'the newcomer has no attempt and got no mail')
  })

  await t.test('gone', async (t) => {
    const typing = await startLogin(server, smtp, owner.who)
    await redis.kill9()
    await refusesEverything(t, typing)
    await redis.restart()
    await server.ready()
    t.equal((await owner.browser.get('/auth/me', { token: owner.token })).status, 200)
    t.equal((await typing.browser.post('/auth/verify-otp', { otp: typing.otp })).status, 200)
    await signUp(server, smtp, newcomer)
  })
  t.strictSame(server.unexpected(), [])
})

for (const [how, away, back] of [
  [
    'gone',
    async (redis: Awaited<ReturnType<typeof startRedis>>) => {
      await redis.kill9()
    },
    async (redis: Awaited<ReturnType<typeof startRedis>>) => {
      await redis.restart()
    }
  ],
  [
    'frozen',
    (redis: Awaited<ReturnType<typeof startRedis>>) => {
      redis.pause()
    },
    (redis: Awaited<ReturnType<typeof startRedis>>) => {
      redis.resume()
    }
  ]
] as const) {
  t.test(`Redis ${how} at boot: the server starts, answers 503, and recovers`, async (t) => {
    const [redis, smtp] = await Promise.all([startRedis(t), startSmtp(t)])
    await away(redis)
    const server = await startServer(t, settings(t, redis, smtp))
    const register = await server.browser().post('/auth/register', person())
    t.match([register.status, register.headers['retry-after']], [503, '1'])
    t.match((await server.browser().get('/health/ready')).body, { parts: { redis: 'away' } })
    await back(redis)
    await server.ready()
    await signUp(server, smtp)
    t.strictSame(server.unexpected(), [])
  })
}

t.test('no Sentinel at boot: the server starts, answers 503, and ends when told; a command ends with a sentence', async (t) => {
  const smtp = await startSmtp(t)
  const env = settings(t, { url: 'redis+sentinel://127.0.0.1:1,127.0.0.1:2/main' }, smtp)
  const server = await startServer(t, env)
  t.equal((await server.browser().get('/health/live')).status, 200)
  const ready = await server.browser().get('/health/ready')
  t.match([ready.status, ready.body], [503, { parts: { redis: 'away' } }])
  t.equal((await server.browser().post('/auth/register', person())).status, 503)

  const command = promisify(execFile)(process.execPath, [await builtProgram('tools/cli/admin-grant.js'), 'olena@example.org'], { env })
  const sentence = /^Nothing listens as Sentinel at 127\.0\.0\.1:1, 127\.0\.0\.1:2 \(ECONNREFUSED\)\. Start it, .* in REDIS_URL\.\n$/
  await t.rejects(command, { code: 1, stderr: sentence })
  server.signal('SIGTERM')
  t.equal(await server.exited(), 0)
  t.strictSame(server.unexpected(), [])
})
