import { now } from '../clock.ts'
import type { RedisClient } from '../redis/connect.ts'
import { inTime } from '../redis/deadline.ts'

const HOUR_MS = 3_600_000
/** What waited for the new hour does not leave in its first second. */
const SPREAD_MS = 60_000

const keyOf = (prefix: string): string => `${prefix}:hour:${Math.floor(now() / HOUR_MS)}`

/**
 * A brake against a flood, over all mails: counts one that is about to be made, whether it leads to anybody or not, so that nobody learns
 * which. Answers 0, or for how many milliseconds it must wait because the hour has its fill.
 */
export async function countInHour (redis: RedisClient, prefix: string, limit: number): Promise<number> {
  const key = keyOf(prefix)
  const [count] = await inTime(Promise.all([redis.incr(key), redis.pexpire(key, 2 * HOUR_MS)]))
  return count <= limit ? 0 : HOUR_MS - now() % HOUR_MS + Math.floor(Math.random() * SPREAD_MS)
}

/** How many this hour has had, those that wait for the next one too. */
export const countOfHour = async (redis: RedisClient, prefix: string): Promise<number> => Number(await redis.get(keyOf(prefix)) ?? 0)
