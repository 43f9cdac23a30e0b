import { availableParallelism } from 'node:os'
import t from 'tap'
import { type Person, person } from '../support/app.ts'
import type { Answer, Browser } from '../support/browser.ts'
import { answerTo } from '../support/patience.ts'
import { type ServerProcess, settings, startServer } from '../support/process.ts'
import { startRedis } from '../support/redis.ts'
import { startSmtp, type TestSmtp } from '../support/smtp.ts'

// Processes are started one after the other: on a busy machine that takes its time.
t.setTimeout(480_000)

const CLIENTS = 8
const METRICS_TOKEN = 'a-token-for-prometheus-0123456789'
/** What stays open makes its worker wait for it when it is replaced. */
const ONE_ANSWER = { connection: 'close' }
const UNKNOWN = 'dvokrok_requests_total{method="other",route="none",status="404"}'

async function signUp (server: ServerProcess, smtp: TestSmtp, who: Person = person()): Promise<Browser> {
  const browser = server.browser()
  await answerTo(async () => await browser.post('/auth/register', who))
  const verified = await browser.post('/auth/verify-otp', { otp: await smtp.code(who.email) })
  browser.token = String(verified.body['accessToken'])
  return browser
}

/** The processes that gave these answers, once they have logged all of them. */
async function servedBy (server: ServerProcess, answers: Answer[]): Promise<number[]> {
  const ids = new Set(answers.map(({ headers }) => headers['x-request-id']))
  for (;;) {
    const lines = server.events('request').filter(({ reqId }) => ids.has(String(reqId)))
    if (lines.length === ids.size) return [...new Set(lines.map(({ pid }) => Number(pid)))]
    await server.wrote()
  }
}

/** The metrics as the worker tells them that this browser's next connection goes to. */
async function scrape (browser: Browser): Promise<Map<string, number>> {
  const { status, text } = await browser.get('/metrics', { token: METRICS_TOKEN, headers: ONE_ANSWER })
  if (status !== 200) throw new Error(`metrics: ${status} ${text}`)
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]))
}

/** The same when no worker was too busy to tell its own, and what ended ones told last has arrived. */
async function settled (browser: Browser, unknown: number): Promise<Map<string, number>> {
  const deadline = AbortSignal.timeout(60_000)
  for (;;) {
    const metrics = await scrape(browser)
    if (deadline.aborted || (metrics.get('dvokrok_workers_silent') === 0 && Number(metrics.get(UNKNOWN)) >= unknown)) return metrics
  }
}

t.test(
  'two workers on one port: shared limits and metrics, one that dies is replaced, and SIGHUP replaces both without a failed request',
  async (t) => {
    const [redis, smtp] = await Promise.all([startRedis(t), startSmtp(t)])
    const server = await startServer(t, { ...settings(t, redis, smtp), WORKERS: '2', LIMIT_LOGIN_PER_SOURCE: '5', METRICS_TOKEN })
    await server.logged('workers.ready')
    const people = await Promise.all(Array.from({ length: CLIENTS }, async () => await signUp(server, smtp)))
    const everyone = async (): Promise<Answer[]> => await Promise.all(people.map(async (browser) => await browser.post('/auth/refresh')))
    // A connection of its own for each: they go to the workers in turn.
    const pids = await servedBy(server, await everyone())
    t.equal(pids.length, 2)
    t.notOk(pids.includes(server.pid), 'the process that was started serves nothing itself')

    await t.test('a source has its limit once, not once for each worker', async (t) => {
      const logins = await Promise.all(
        Array.from(
          { length: 12 },
          async () =>
            await server
              .browser({ ip: '10.99.0.1' })
              .post('/auth/login', { email: person().email, password: 'not the right one' }, { headers: ONE_ANSWER })
        )
      )
      t.strictSame(logins.map(({ status }) => status).sort(), [...Array<number>(5).fill(401), ...Array<number>(7).fill(429)])
    })

    await t.test('the metrics are those of all workers, whichever is asked', async (t) => {
      await Promise.all(people.map(async (browser) => await browser.get('/nowhere')))
      for (const browser of people) {
        const metrics = await settled(browser, CLIENTS)
        t.equal(metrics.get(UNKNOWN), CLIENTS)
        t.equal(metrics.get('dvokrok_request_duration_seconds_count{method="POST",route="/auth/verify-otp"}'), CLIENTS)
        t.equal(metrics.get('dvokrok_logins_total{outcome="signed_in"}'), CLIENTS)
        t.equal(metrics.get('dvokrok_redis_up'), 1, 'what is so or not is not added up')
        t.ok(Number(metrics.get('dvokrok_password_jobs_total')) >= CLIENTS, 'the pool that all share is told once')
      }
    })

    await t.test('what the places of both have no room for is refused and counted, wherever it was refused', async (t) => {
      const refusals = async (): Promise<number> => (await settled(server.browser(), 0)).get('dvokrok_password_jobs_refused_total') ?? 0
      // Of those who signed up, some may have been asked to come back.
      const before = await refusals()
      const logins = await Promise.all(
        Array.from(
          { length: 80 * availableParallelism() },
          async (_, n) =>
            await server
              .browser({ ip: `10.98.${n >> 8}.${n & 255}` })
              .post('/auth/login', { email: person().email, password: 'not the right one' }, { headers: ONE_ANSWER })
        )
      )
      const refused = logins.filter(({ status }) => status === 503)
      t.ok(refused.length > 0)
      t.equal(refused.length + logins.filter(({ status }) => status === 401).length, logins.length)
      t.strictSame(
        refused.filter(({ headers }) => !(Number(headers['retry-after']) >= 1)),
        []
      )
      t.equal(await refusals() - before, refused.length)
    })

    await t.test('SIGHUP under load', async (t) => {
      await Promise.all(people.map(async (browser) => await browser.get('/nowhere')))
      const before = server.events('request').length
      const over = new AbortController()
      const failures: unknown[] = []
      const asking = people.map(async (browser) => {
        while (!over.signal.aborted) {
          for (const ask of [() => browser.get('/auth/me', { token: browser.token }), () => browser.post('/auth/refresh')]) {
            await ask().then(
              ({ status, text }) => {
                if (status !== 200) failures.push(`${status} ${text}`)
              },
              (error: unknown) => failures.push(error)
            )
          }
        }
      })
      server.signal('SIGHUP')
      await server.logged('workers.restarted')
      const restarted = server.events('request').length
      t.ok(restarted > before, 'there was a load')
      const fresh = await Promise.all(
        Array.from({ length: 4 }, async () => (await server.browser().get('/health/live', { headers: ONE_ANSWER })).status)
      )
      over.abort()
      await Promise.all(asking)
      t.strictSame(failures, [])
      t.strictSame(fresh, [200, 200, 200, 200])
      const now = await servedBy(server, await everyone())
      t.strictSame(
        now.filter((pid) => pids.includes(pid)),
        [],
        'both are new'
      )
      t.equal((await settled(server.browser(), 2 * CLIENTS)).get(UNKNOWN), 2 * CLIENTS, 'what the old ones had counted is not lost')
    })

    await t.test('kill -9 of a worker', async (t) => {
      const [victim = 0] = await servedBy(server, await everyone())
      process.kill(victim, 'SIGKILL')
      t.equal((await server.logged('worker.died'))['worker'], victim)
      await server.ready()
      for (const browser of people) t.equal((await server.browser().get('/auth/me', { token: browser.token })).status, 200)
      t.equal((await settled(server.browser(), 2 * CLIENTS)).get(UNKNOWN), 2 * CLIENTS, 'nor what it had told')
    })

    // At the end: who was stopped for so long takes itself for overloaded for a moment.
    await t.test('a worker that hangs keeps nobody from the metrics', async (t) => {
      const [victim = 0] = await servedBy(server, await everyone())
      process.kill(victim, 'SIGSTOP')
      // One connection at most is given to it.
      const asked = Array.from({ length: 3 }, async () => await scrape(server.browser()))
      const metrics = await Promise.any(asked)
      process.kill(victim, 'SIGCONT')
      t.equal(metrics.get('dvokrok_workers_silent'), 1)
      t.equal(metrics.get(UNKNOWN), 2 * CLIENTS, 'what it had told is not forgotten')
      await Promise.all(asked)
    })

    server.signal('SIGTERM')
    t.equal(await server.exited(), 0)
    t.strictSame(server.unexpected(), [])
  }
)

t.test('several workers without a mail server are refused: the local mailbox lives in one process', async (t) => {
  const redis = await startRedis(t)
  const server = await startServer(t, { WORKERS: '2', REDIS_URL: redis.url }, { wait: false })
  t.equal(await server.exited(), 1)
  t.match(server.output(), /^- SMTP_URL is not set.*WORKERS to 1/m)
})
