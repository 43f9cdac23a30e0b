import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, rmdirSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { audit } from '../support/audit.ts'
import { History } from '../support/history.ts'
import { type ServerProcess, settings, startServer } from '../support/process.ts'
import { type Manners, startRedisProxy } from '../support/redis-proxy.ts'
import { startRedis, type TestRedis } from '../support/redis.ts'
import { startSmtp, type TestSmtp } from '../support/smtp.ts'
import { type Life, startTraffic, trafficSettings } from '../support/traffic.ts'

/** `npm run test:faults -- --long`. */
const isLong = process.env['FAULTS'] === 'long'
/** Answered before and after each fault. */
const SUCCESSES = 10
const FROZEN_MS = isLong ? 30_000 : 1_500
const OPERATIONS = ['register', 'sign_up', 'password', 'login', 'wrong_code', 'code_resent', 'refresh', 'me', 'logout', 'password_changed']

t.setTimeout(isLong ? 3_600_000 : 300_000)

/** `waiting`: for a mail that a killed server had in its hands; it comes after about ten seconds. */
interface Parts { server: ServerProcess, redis: TestRedis, smtp: TestSmtp, waiting: Life[] }

/** Breaks `runs` times what carries the traffic; after each time everything that was promised is looked at. */
async function underTraffic (t: Test, { server, redis, smtp, waiting }: Parts, name: string, runs: number, fault: (history: History) => Promise<void>): Promise<History> {
  const history = new History()
  for (let run = 0; run < runs; run++) {
    const traffic = startTraffic(server, smtp, history)
    await history.successes(SUCCESSES)
    await fault(history)
    await history.successes(SUCCESSES)
    await traffic.stop()
    // Who waited may have got their mail meanwhile, and a code does not live for ever.
    waiting.push(...await audit(server, smtp, redis.client, history, [...waiting.splice(0), ...traffic.lives]))
  }
  t.comment(history.report(name, runs))
  t.strictSame(history.violations, [], `${name}: what was promised is kept`)
  t.strictSame(server.unexpected(), [])
  return history
}

/** What could not be looked at before. */
async function lastAudit (t: Test, { server, redis, smtp, waiting }: Parts): Promise<void> {
  const history = new History()
  await audit(server, smtp, redis.client, history, waiting, true)
  t.strictSame(history.violations, [], 'and what came late')
}

/** From `begin` until `end` every request that needs what is away is 503. */
async function awayBetween (history: History, begin: () => unknown, end: () => unknown, { hasReads = false, milliseconds = 100 } = {}): Promise<void> {
  const unavailable = history.unavailable()
  await begin()
  const from = performance.now()
  await unavailable
  await sleep(milliseconds)
  history.nothingDoneBetween(from, performance.now(), hasReads ? ['me'] : [])
  await history.recovery(async () => { await end() })
}

t.test('kill -9 of the server and of Redis, and Redis frozen, in the middle of everything', async (t) => {
  const [redis, smtp] = await Promise.all([startRedis(t), startSmtp(t)])
  const server = await startServer(t, { ...settings(t, redis, smtp), ...trafficSettings })
  const parts: Parts = { server, redis, smtp, waiting: [] }

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
  const [redis, smtp] = await Promise.all([startRedis(t), startSmtp(t)])
  const proxy = await startRedisProxy(t, redis.url)
  const server = await startServer(t, { ...settings(t, proxy, smtp), ...trafficSettings })
  const parts: Parts = { server, redis, smtp, waiting: [] }
  const runs = isLong ? 5 : 1

  for (const [name, manners] of [['answers lost after the deed', 'cut'], ['answers that come too late', 'delay'], ['a connection that swallows everything', 'hole']] as Array<[string, Manners]>) {
    await underTraffic(t, parts, name, runs, async (history) => {
      proxy.behave(manners)
      for (let times = 0; times < 3; times++) await history.unavailable()
      await history.recovery(async () => { proxy.behave('pass') })
    })
  }
  await lastAudit(t, parts)
})

t.test('Redis refuses to write in the middle of everything', async (t) => {
  const [redis, smtp] = await Promise.all([startRedis(t), startSmtp(t)])
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
  const parts: Parts = { server, redis, smtp, waiting: [] }

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
