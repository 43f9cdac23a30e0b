import t from 'tap'
import { settings, startServer } from '../support/process.ts'
import { type Manners, startRedisProxy } from '../support/redis-proxy.ts'
import { startOneRedis } from '../support/redis.ts'
import { startSmtp } from '../support/smtp.ts'
import { trafficSettings } from '../support/traffic.ts'
import { isLong, lastAudit, type Parts, severalUnavailable, underTraffic } from '../support/under-traffic.ts'

t.setTimeout(isLong ? 3_600_000 : 300_000)

t.test('the connection to Redis misbehaves in the middle of everything', async (t) => {
  const [redis, smtp] = await Promise.all([startOneRedis(t), startSmtp(t)])
  const proxy = await startRedisProxy(t, redis.url)
  const server = await startServer(t, { ...settings(t, proxy, smtp), ...trafficSettings })
  const parts: Parts = { server, redis: redis.client, smtp, waiting: [] }
  const runs = isLong ? 5 : 1

  for (const [name, manners] of [
    ['answers lost after the deed', 'cut'],
    ['answers that come too late', 'delay'],
    ['a connection that swallows everything', 'hole']
  ] as Array<[string, Manners]>) {
    await underTraffic(t, parts, name, runs, async (history) => {
      proxy.behave(manners)
      await severalUnavailable(history)
      await history.recovery(async () => {
        proxy.behave('pass')
      })
    })
  }
  await lastAudit(t, parts)
})
