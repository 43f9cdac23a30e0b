import type { Redis } from 'ioredis'
import type { RedisClient } from '../../platform/redis/connect.ts'
import { keys } from '../../platform/redis/keys.ts'
import { KEY_PATTERNS } from '../../platform/redis/rights.ts'
import { scanAll } from '../../platform/redis/scan.ts'

/**
 * What is over with a restore: whoever was signed in signs in again, because sessions that were ended since the backup would live on, codes
 * that were used would work again, and mails that were sent would go out a second time.
 */
const OVER = [
  /^\{u:[^}]*\}:(?:s:|sessions$|t:|trusted$|attempt:|attempts$|totp-pending$|idempotency$)/,
  /^\{a:[^}]*\}:(?:attempt:|attempts$|idempotency$)/,
  /^\{(?:s|c|ready):/,
  /^\{(?:mail|assets)\}/,
  /^limit:/
]

const STARTS = KEY_PATTERNS.map((pattern) => pattern.slice(0, -1))

export const isOurs = (key: string): boolean => STARTS.some((start) => key.startsWith(start))
export const survivesRestore = (key: string): boolean => isOurs(key) && !OVER.some((pattern) => pattern.test(key))

/** Copies what survives, each key as it is and with its end of life. Answers how many keys were left out. */
export async function copySurviving (sources: Redis[], to: RedisClient): Promise<number> {
  let over = 0
  for (const from of sources) {
    for await (const found of scanAll(from, '*')) {
      const ours = found.filter(isOurs)
      const surviving = ours.filter(survivesRestore)
      over += ours.length - surviving.length
      await copy(from, to, surviving.filter((key) => key !== keys.addressKey))
    }
  }
  // Last: no server starts on accounts without it, should this be interrupted.
  for (const from of sources) await copy(from, to, [keys.addressKey])
  return over
}

async function copy (from: Redis, to: RedisClient, names: string[]): Promise<void> {
  const records = await Promise.all(names.map(async (key) =>
    ({ key, value: await from.dumpBuffer(key), endsAtMs: Number(await from.call('PEXPIRETIME', key)) })))
  await Promise.all(records.map(async ({ key, value, endsAtMs }) => {
    // It ended meanwhile.
    if (value === null || endsAtMs === -2) return
    await to.call('RESTORE', key, Math.max(endsAtMs, 0), value, 'ABSTTL', 'REPLACE')
  }))
}

/** Deletes what is ours, and nothing of others in the same database. */
export async function deleteOurs (redis: RedisClient): Promise<void> {
  for (const pattern of KEY_PATTERNS) {
    for await (const found of scanAll(redis, pattern)) {
      await Promise.all(found.map(async (key) => await redis.unlink(key)))
    }
  }
}
