import t from 'tap'
import { parseRedisUrl } from '../../src/platform/config/redis-target.ts'
import { checkRedis } from '../../src/platform/redis/check.ts'
import { createRedis } from '../../src/platform/redis/connect.ts'
import { person } from '../support/app.ts'
import { settings, signInThere, signUpThere, startServer } from '../support/process.ts'
import { answerTo, timeTo, untilReadiness } from '../support/patience.ts'
import { until } from '../support/redis-node.ts'
import { startSentinel } from '../support/redis-sentinel.ts'
import { startSmtp } from '../support/smtp.ts'
import { trafficSettings } from '../support/traffic.ts'
import { isLong, killUnheard, lastAudit, type Parts, underTraffic } from '../support/under-traffic.ts'

t.setTimeout(isLong ? 3_600_000 : 300_000)

const sentinel = await startSentinel(t, { downAfterMs: 3_000 })
const smtp = await startSmtp(t)
const server = await startServer(t, { ...settings(t, sentinel, smtp), ...trafficSettings, REDIS_WAIT_REPLICAS: '2' })
await server.ready()

t.test('the main job runs behind Sentinel', async (t) => {
  const { browser, token } = await signInThere(server, smtp, await signUpThere(server, smtp))
  t.equal((await answerTo(async () => await browser.post('/auth/refresh'))).status, 200)
  t.equal((await answerTo(async () => await browser.post('/auth/logout', undefined, { token }))).status, 204)
  t.equal((await answerTo(async () => await browser.get('/auth/me', { token }))).status, 401)
  t.strictSame(server.events('redis.warning'), [], 'the settings that the documents ask for leave nothing to warn of')
  t.match(
    (await checkRedis((await sentinel.master()).client, 1)).warnings,
    [/2 replicas and 1 must/],
    'but a replica that need not have a change does'
  )
  t.strictSame(server.unexpected(), [])
})

t.test('while no replica listens nothing is promised, and readiness says so', async (t) => {
  const { browser, token } = await signUpThere(server, smtp)
  const master = await sentinel.master()
  const replicas = sentinel.nodes.filter((node) => node !== master)
  for (const { pause } of replicas) pause()
  const answer = await browser.post('/auth/logout', undefined, { token })
  await untilReadiness(server, { status: 503, redis: 'away', reason: 'no_replicas' })
  for (const { resume } of replicas) resume()
  t.match([answer.status, answer.body['code']], [503, 'SERVICE_UNAVAILABLE'])
  await timeTo(204, async () => await browser.post('/auth/logout', undefined, { token }))
  t.equal((await answerTo(async () => await browser.get('/auth/me', { token }))).status, 401)
})

t.test('each WAIT comes after a write of its own connection: to a PING newer servers would not listen', async (t) => {
  const { browser, token } = await signUpThere(server, smtp)
  const monitor = await (await sentinel.master()).client.monitor()
  t.teardown(() => { monitor.disconnect() })
  const last = new Map<string, string>()
  const before: Array<string | undefined> = []
  monitor.on('monitor', (_time: string, [command = '']: string[], source: string) => {
    if (command.toLowerCase() === 'wait') before.push(last.get(source))
    last.set(source, command.toLowerCase())
  })
  t.equal((await answerTo(async () => await browser.post('/auth/logout', undefined, { token }))).status, 204)
  await until(async () => before.length > 0)
  t.strictSame([...new Set(before)], ['set'])
})

t.test(
  'kill -9 of the master in the middle of everything: a replica takes over, and nothing that was acknowledged comes back',
  async (t) => {
    const witness = await signUpThere(server, smtp)
    const client = createRedis(parseRedisUrl(sentinel.url), 'worker')
    t.teardown(() => {
      client.disconnect()
    })
    client.on('error', () => {})
    const parts: Parts = { server, redis: client, smtp, waiting: [] }
    await underTraffic(t, parts, 'kill -9 of the master behind Sentinel', isLong ? 20 : 1, async (history) => {
      await sentinel.whole()
      const victim = await sentinel.master()
      await history.successes(30)
      await killUnheard(
        history,
        victim,
        sentinel.nodes.filter((node) => node !== victim)
      )
      const startedAt = performance.now()
      await until(async () => (await sentinel.master()) !== victim)
      await timeTo(200, async () => await witness.browser.get('/auth/me', { token: witness.browser.token }))
      t.comment(`reads are back after ${Math.round(performance.now() - startedAt)} ms`)
      // It still believes itself the master, and has to learn better.
      await victim.restart()
      await sentinel.whole()
      await timeTo(200, async () => await witness.browser.post('/auth/refresh'))
      history.recoveriesMs.push(performance.now() - startedAt)
    })
    await underTraffic(t, parts, 'planned failover behind Sentinel', isLong ? 20 : 1, async (history) => {
      await history.recovery(async () => {
        await sentinel.failover()
        await sentinel.whole()
      })
    })
    await lastAudit(t, parts)
  }
)

t.test('each new master is looked at: one that would evict is refused', async (t) => {
  for (const { client } of sentinel.nodes) await client.config('SET', 'maxmemory-policy', 'allkeys-lru')
  await sentinel.failover()
  await server.logged('redis.refused')
  const { status, body } = await server.browser().get('/health/ready')
  t.match([status, body], [503, { parts: { redis: 'refused' } }])
  t.equal((await server.browser().post('/auth/register', person())).status, 503)
  t.strictSame(server.unexpected(), [])
})
