import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, rmdirSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { settings, startServer } from '../support/process.ts'
import { type Manners, startRedisProxy } from '../support/redis-proxy.ts'
import { startOneRedis, startRedis } from '../support/redis.ts'
import { startSmtp } from '../support/smtp.ts'
import { trafficSettings } from '../support/traffic.ts'
import { awayBetween, isLong, lastAudit, type Parts, severalUnavailable, underTraffic } from '../support/under-traffic.ts'

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
  for (const operation of OPERATIONS) t.ok(killed.entries.some((entry) => entry.operation === operation && entry.outcome === 'ok'), `${operation} was among it`)

  await underTraffic(t, parts, 'kill -9 of Redis', isLong ? 20 : 3, async (history) => {
    await awayBetween(history, async () => { await redis.kill9() }, async () => { await redis.restart() })
  })
  await underTraffic(t, parts, `Redis frozen for ${FROZEN_MS / 1000} s`, 1, async (history) => {
    await awayBetween(history, () => { redis.pause() }, () => { redis.resume() }, { milliseconds: FROZEN_MS })
  })
  await lastAudit(t, parts)
})

t.test('the connection to Redis misbehaves in the middle of everything', async (t) => {
  const [redis, smtp] = await Promise.all([startOneRedis(t), startSmtp(t)])
  const proxy = await startRedisProxy(t, redis.url)
  const server = await startServer(t, { ...settings(t, proxy, smtp), ...trafficSettings })
  const parts: Parts = { server, redis: redis.client, smtp, waiting: [] }
  const runs = isLong ? 5 : 1

  for (const [name, manners] of [['answers lost after the deed', 'cut'], ['answers that come too late', 'delay'], ['a connection that swallows everything', 'hole']] as Array<[string, Manners]>) {
    await underTraffic(t, parts, name, runs, async (history) => {
      proxy.behave(manners)
      await severalUnavailable(history)
      await history.recovery(async () => { proxy.behave('pass') })
    })
  }
  await lastAudit(t, parts)
})

t.test('Redis refuses to write in the middle of everything', async (t) => {
  const [redis, smtp] = await Promise.all([startOneRedis(t), startSmtp(t)])
  const server = await startServer(t, { ...settings(t, redis, smtp), ...trafficSettings })
  const folder = dirname(redis.url.slice('unix:'.length))
  const snapshot = join(folder, 'dump.rdb')
  const set = async (name: string, value: string): Promise<void> => { await redis.client.config('SET', name, value) }
  const snapshotIs = async (state: string): Promise<void> => {
    await redis.client.bgsave()
    while (!/rdb_bgsave_in_progress:0/.test(await redis.client.info('persistence'))) await sleep(5)
    while (!new RegExp(`rdb_last_bgsave_status:${state}`).test(await redis.client.info('persistence'))) await sleep(5)
  }
  const runs = isLong ? 5 : 1
  const parts: Parts = { server, redis: redis.client, smtp, waiting: [] }

  await underTraffic(t, parts, 'memory full (OOM)', runs, async (history) => {
    await awayBetween(history, async () => { await set('maxmemory', '1') }, async () => { await set('maxmemory', '0') }, { hasReads: true })
  })
  await underTraffic(t, parts, 'replicas missing (NOREPLICAS)', runs, async (history) => {
    await awayBetween(history, async () => { await set('min-replicas-to-write', '1') }, async () => { await set('min-replicas-to-write', '0') }, { hasReads: true })
  })
  await underTraffic(t, parts, 'snapshots fail (MISCONF)', runs, async (history) => {
    await awayBetween(history, async () => {
      // A folder where the snapshot should go: its user may even be root.
      rmSync(snapshot, { force: true })
      mkdirSync(snapshot)
      await set('save', '3600 1000000')
      await snapshotIs('err')
    }, async () => {
      rmdirSync(snapshot)
      await snapshotIs('ok')
      await set('save', '')
    }, { hasReads: true })
  })

  // At the next write: with appendfsync always Redis ends itself rather than go on; what it wrote half is cut off at the next start.
  const hasPrlimit = spawnSync('prlimit', ['--version']).status === 0
  await t.test('the disk is full', { skip: !hasPrlimit && 'prlimit is not on PATH' }, async (t) => {
    await underTraffic(t, parts, 'disk full (the log cannot grow)', runs, async (history) => {
      const log = join(folder, 'appendonlydir')
      const size = Math.max(...readdirSync(log).map((name) => statSync(join(log, name)).size))
      await awayBetween(history, () => { execFileSync('prlimit', ['--pid', `${redis.pid}`, `--fsize=${size}`]) }, async () => { await redis.restart() }, { hasReads: true })
    })
  })
  await lastAudit(t, parts)
})
