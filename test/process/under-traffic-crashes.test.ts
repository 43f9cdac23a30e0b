import t from 'tap'
import { settings, startServer } from '../support/process.ts'
import { startRedis } from '../support/redis.ts'
import { startSmtp } from '../support/smtp.ts'
import { trafficSettings } from '../support/traffic.ts'
import { awayBetween, isLong, lastAudit, type Parts, underTraffic } from '../support/under-traffic.ts'

const FROZEN_MS = isLong ? 30_000 : 1_500
const OPERATIONS = ['register', 'sign_up', 'password', 'login', 'wrong_code', 'code_resent', 'refresh', 'me', 'logout', 'password_changed']

t.setTimeout(isLong ? 3_600_000 : 300_000)

t.test('kill -9 of the server and of Redis, and Redis frozen, in the middle of everything', async (t) => {
  const [redis, smtp] = await Promise.all([startRedis(t), startSmtp(t)])
  const server = await startServer(t, { ...settings(t, redis, smtp), ...trafficSettings })
  const parts: Parts = { server, redis: redis.client, smtp, waiting: [] }

  const killed = await underTraffic(t, parts, 'kill -9 of the server', isLong ? 50 : 3, async (history) => {
    await history.recovery(async () => { await server.restart() })
  })
  for (const operation of OPERATIONS) {
    t.ok(
      killed.entries.some((entry) => entry.operation === operation && entry.outcome === 'ok'),
      `${operation} was among it`
    )
  }

  await underTraffic(t, parts, 'kill -9 of Redis', isLong ? 20 : 3, async (history) => {
    await awayBetween(history, async () => { await redis.kill9() }, async () => { await redis.restart() })
  })
  await underTraffic(t, parts, `Redis frozen for ${FROZEN_MS / 1000} s`, 1, async (history) => {
    await awayBetween(history, () => { redis.pause() }, () => { redis.resume() }, { milliseconds: FROZEN_MS })
  })
  await lastAudit(t, parts)
})
