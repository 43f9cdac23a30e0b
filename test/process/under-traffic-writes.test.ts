import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, rmdirSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { settings, startServer } from '../support/process.ts'
import { startOneRedis } from '../support/redis.ts'
import { startSmtp } from '../support/smtp.ts'
import { trafficSettings } from '../support/traffic.ts'
import { awayBetween, isLong, lastAudit, type Parts, underTraffic } from '../support/under-traffic.ts'

t.setTimeout(isLong ? 3_600_000 : 300_000)

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
    await awayBetween(
      history,
      async () => {
        await set('min-replicas-to-write', '1')
      },
      async () => {
        await set('min-replicas-to-write', '0')
      },
      { hasReads: true }
    )
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
      await awayBetween(
        history,
        () => {
          execFileSync('prlimit', ['--pid', `${redis.pid}`, `--fsize=${size}`])
        },
        async () => {
          await redis.restart()
        },
        { hasReads: true }
      )
    })
  })
  await lastAudit(t, parts)
})
