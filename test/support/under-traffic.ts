import type { Test } from 'tap'
import { setTimeout as sleep } from 'node:timers/promises'
import type { RedisClient } from '../../src/platform/redis/connect.ts'
import { audit } from './audit.ts'
import { History } from './history.ts'
import type { ServerProcess } from './process.ts'
import { deafen, type RedisNode } from './redis-node.ts'
import type { TestSmtp } from './smtp.ts'
import { type Life, startTraffic } from './traffic.ts'

/** `npm run test:faults -- --long`. */
export const isLong = process.env['FAULTS'] === 'long'
/** Answered before and after each fault. */
const SUCCESSES = 10

/** `redis`: for the test's own looks. `waiting`: for a mail that a killed server had in its hands; it comes after about ten seconds. */
export interface Parts { server: ServerProcess, redis: RedisClient, smtp: TestSmtp, waiting: Life[] }

/** Breaks `runs` times what carries the traffic; after each time everything that was promised is looked at. */
export async function underTraffic (
  t: Test,
  { server, redis, smtp, waiting }: Parts,
  name: string,
  runs: number,
  fault: (history: History) => Promise<void>
): Promise<History> {
  const history = new History()
  for (let run = 0; run < runs; run++) {
    const traffic = startTraffic(server, smtp, history)
    try {
      await history.successes(SUCCESSES)
      await fault(history)
      await history.successes(SUCCESSES)
    } finally {
      await traffic.stop()
    }
    // Who waited may have got their mail meanwhile, and a code does not live for ever.
    waiting.push(...(await audit(server, smtp, redis, history, [...waiting.splice(0), ...traffic.lives])))
  }
  t.comment(history.report(name, runs))
  t.strictSame(history.violations, [], `${name}: what was promised is kept`)
  t.strictSame(server.unexpected(), [])
  return history
}

/** What could not be looked at before. */
export async function lastAudit (t: Test, { server, redis, smtp, waiting }: Parts): Promise<void> {
  const history = new History()
  await audit(server, smtp, redis, history, waiting, true)
  t.strictSame(history.violations, [], 'and what came late')
}

const DEAF_SECONDS = 2
const PROMISING_MS = 1_500

/** Kills a master that has all its replicas, and whose last changes none of them will ever have. */
export async function killUnheard (history: History, master: RedisNode, replicas: RedisNode[]): Promise<void> {
  for (const replica of replicas) deafen(replica, DEAF_SECONDS).catch(() => {})
  // That is as it should be; or it promises what is lost soon.
  await Promise.race([severalUnavailable(history), sleep(PROMISING_MS)])
  await master.kill9()
}

/** Resolves when a few requests were answered 503. */
export async function severalUnavailable (history: History): Promise<void> {
  for (let times = 0; times < 3; times++) await history.unavailable()
}

/** From `begin` until `end` every request that needs what is away is 503. */
export async function awayBetween (
  history: History,
  begin: () => unknown,
  end: () => unknown,
  { hasReads = false, milliseconds = 100 } = {}
): Promise<void> {
  const unavailable = history.unavailable()
  await begin()
  const from = performance.now()
  await unavailable
  // Time in which something could be granted that must not be.
  await sleep(milliseconds)
  history.nothingDoneBetween(from, performance.now(), hasReads ? ['me'] : [])
  await history.recovery(async () => {
    await end()
  })
}
