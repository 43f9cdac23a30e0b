import t from 'tap'
import { type Person, person } from '../support/app.ts'
import type { Browser } from '../support/browser.ts'
import { type ServerProcess, settings, startServer } from '../support/process.ts'
import { startRedis } from '../support/redis.ts'
import { startSmtp, type TestSmtp } from '../support/smtp.ts'

// Processes are started one after the other: on a busy machine that takes its time.
t.setTimeout(240_000)

const CLIENTS = 8

async function signUp (server: ServerProcess, smtp: TestSmtp, who: Person = person()): Promise<Browser> {
  const browser = server.browser()
  await browser.post('/auth/register', who)
  const verified = await browser.post('/auth/verify-otp', { otp: await smtp.code(who.email) })
  browser.token = String(verified.body['accessToken'])
  return browser
}

/** The processes that wrote a line about a request, by the lines that came after `from` ones. */
const servedBy = (server: ServerProcess, from = 0): number[] => [...new Set(server.events('request').slice(from).map(({ pid }) => Number(pid)))]

t.test('two workers on one port: shared limits, one that dies is replaced, and SIGHUP replaces both without a failed request', async (t) => {
  const [redis, smtp] = await Promise.all([startRedis(t), startSmtp(t)])
  const server = await startServer(t, { ...settings(t, redis, smtp), WORKERS: '2', LIMIT_LOGIN_PER_SOURCE: '5' })
  await server.logged('workers.ready')
  const people = await Promise.all(Array.from({ length: CLIENTS }, async () => await signUp(server, smtp)))
  // A connection of its own for each: they go to the workers in turn.
  const pids = servedBy(server)
  t.equal(pids.length, 2)
  t.notOk(pids.includes(server.pid), 'the process that was started serves nothing itself')

  await t.test('a source has its limit once, not once for each worker', async (t) => {
    const logins = await Promise.all(Array.from({ length: 12 }, async () =>
      await server.browser({ ip: '10.99.0.1' }).post('/auth/login', { email: person().email, password: 'not the right one' })))
    t.strictSame(logins.map(({ status }) => status).sort(), [...Array<number>(5).fill(401), ...Array<number>(7).fill(429)])
  })

  await t.test('SIGHUP under load', async (t) => {
    const before = server.events('request').length
    const over = new AbortController()
    const failures: unknown[] = []
    const asking = people.map(async (browser) => {
      while (!over.signal.aborted) {
        for (const ask of [() => browser.get('/auth/me', { token: browser.token }), () => browser.post('/auth/refresh')]) {
          await ask().then(({ status, text }) => { if (status !== 200) failures.push(`${status} ${text}`) }, (error: unknown) => failures.push(error))
        }
      }
    })
    server.signal('SIGHUP')
    await server.logged('workers.restarted')
    const restarted = server.events('request').length
    t.ok(restarted > before, 'there was a load')
    const fresh = await Promise.all(Array.from({ length: 4 }, async () => (await server.browser().get('/health/live')).status))
    over.abort()
    await Promise.all(asking)
    t.strictSame(failures, [])
    t.strictSame(fresh, [200, 200, 200, 200])
    await Promise.all(people.map(async (browser) => await browser.post('/auth/refresh')))
    const now = servedBy(server, server.events('request').length - CLIENTS)
    t.strictSame(now.filter((pid) => pids.includes(pid)), [], 'both are new')
  })

  await t.test('kill -9 of a worker', async (t) => {
    const [victim = 0] = servedBy(server, server.events('request').length - CLIENTS)
    process.kill(victim, 'SIGKILL')
    t.equal((await server.logged('worker.died'))['worker'], victim)
    await server.ready()
    for (const browser of people) t.equal((await server.browser().get('/auth/me', { token: browser.token })).status, 200)
  })

  server.signal('SIGTERM')
  t.equal(await server.exited(), 0)
  t.strictSame(server.unexpected(), [])
})

t.test('several workers without a mail server are refused: the local mailbox lives in one process', async (t) => {
  const redis = await startRedis(t)
  const server = await startServer(t, { WORKERS: '2', REDIS_URL: redis.url }, { wait: false })
  t.equal(await server.exited(), 1)
  t.match(server.output(), /^- SMTP_URL is not set.*WORKERS to 1/m)
})
