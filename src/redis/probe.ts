import { Cluster } from 'ioredis'
import type { RedisClient } from './connect.ts'
import { isRedisAway, reasonAway } from './errors.ts'
import { keys } from './keys.ts'
import { addressOf, shardsOf } from './nodes.ts'
import type { Durably } from './replicas.ts'

/** `partly`: some shards of a Cluster take changes, others do not. The reason is that of the first which does not, where it says so. */
export interface RedisState { redis: 'up' | 'partly' | 'away' | 'refused', reason?: string }

const MARK_MS = 10_000
/** A shard that so many keys miss serves next to nothing. */
const MOST_TRIES = 2_000

/** Whether changes are taken, and kept as promised. Writes, because a replica or a full disk still answers PING. */
export async function probeRedis (redis: RedisClient, durably: Durably): Promise<RedisState> {
  const numbers = redis instanceof Cluster ? onePerShard(redis) : [0]
  const failures: Error[] = []
  await Promise.all(numbers.map(async (number) => {
    const key = keys.ready(number)
    await durably(key, async () => await redis.set(key, 1, 'PX', MARK_MS)).catch((error: unknown) => {
      if (!(error instanceof Error && isRedisAway(error))) throw error
      failures.push(error)
    })
  }))
  if (failures.length === 0) return { redis: 'up' }
  const reason = failures.map(reasonAway).find((word) => word !== undefined)
  return { redis: failures.length < numbers.length ? 'partly' : 'away', ...(reason ? { reason } : {}) }
}

/** Numbers whose keys lie on each master once; `[0]` while none is known. */
function onePerShard (cluster: Cluster): number[] {
  const shards = shardsOf(cluster).length
  const numbers = new Map<string | undefined, number>()
  for (let number = 0; numbers.size < Math.max(1, shards) && number < MOST_TRIES; number++) {
    const address = addressOf(cluster, keys.ready(number))
    if (!numbers.has(address)) numbers.set(address, number)
  }
  return [...numbers.values()]
}
