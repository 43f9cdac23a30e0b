import { Cluster } from 'ioredis'
import type { RedisClient } from './connect.ts'
import { isRedisAway, reasonAway } from './errors.ts'
import { keys } from './keys.ts'
import { mark, markAt, shardsOf } from './nodes.ts'
import type { Durably } from './replicas.ts'

/** `partly`: some shards of a Cluster take changes, others do not. The reason is that of the first which does not, where it says so. */
export interface RedisState { redis: 'up' | 'partly' | 'away' | 'refused', reason?: string }

/** Whether changes are taken, and kept as promised. Writes, because a replica or a full disk still answers PING. */
export async function probeRedis (redis: RedisClient, durably: Durably): Promise<RedisState> {
  const numbers = redis instanceof Cluster ? onePerShard(redis) : [0]
  const failures: Error[] = []
  await Promise.all(numbers.map(async (number) => {
    await durably(keys.ready(number), async () => await mark(redis, number)).catch((error: unknown) => {
      if (!(error instanceof Error && isRedisAway(error))) throw error
      failures.push(error)
    })
  }))
  if (failures.length === 0) return { redis: 'up' }
  const reason = failures.map(reasonAway).find((word) => word !== undefined)
  return { redis: failures.length < numbers.length ? 'partly' : 'away', ...(reason ? { reason } : {}) }
}

/** Numbers of marks on each master; `[0]` while none is known. */
function onePerShard (cluster: Cluster): number[] {
  const numbers = shardsOf(cluster).map(({ address }) => markAt(cluster, address)).filter((number) => number !== undefined)
  return numbers.length > 0 ? numbers : [0]
}
