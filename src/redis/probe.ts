import { Cluster } from 'ioredis'
import type { RedisClient } from './connect.ts'
import { isRedisAway } from './errors.ts'
import { keys } from './keys.ts'
import { addressOf, shardsOf } from './nodes.ts'
import type { Durably } from './replicas.ts'

/** `partly`: some shards of a Cluster take changes, others do not. */
export type RedisState = 'up' | 'partly' | 'away'

const MARK_MS = 10_000
/** A shard that so many keys miss serves next to nothing. */
const MOST_TRIES = 2_000

/** Whether changes are taken, and kept as promised. Writes, because a replica or a full disk still answers PING. */
export async function probeRedis (redis: RedisClient, durably: Durably): Promise<RedisState> {
  const numbers = redis instanceof Cluster ? onePerShard(redis) : [0]
  const taken = await Promise.all(numbers.map(async (number) => {
    const key = keys.ready(number)
    return await durably(key, async () => await redis.set(key, 1, 'PX', MARK_MS)).then(() => true, (error: unknown) => {
      if (!isRedisAway(error)) throw error
      return false
    })
  }))
  if (taken.every(Boolean)) return 'up'
  return taken.some(Boolean) ? 'partly' : 'away'
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
