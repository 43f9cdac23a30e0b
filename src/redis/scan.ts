import { Cluster, type Redis } from 'ioredis'
import type { RedisClient } from './connect.ts'

const KEYS_PER_STEP = 500

/** The names of all keys that match, in portions, on every master. One that is there throughout comes at least once, perhaps twice. */
export async function * scanKeys (redis: RedisClient, pattern: string): AsyncGenerator<string[]> {
  const nodes: Redis[] = redis instanceof Cluster ? redis.nodes('master') : [redis]
  for (const node of nodes) {
    let cursor = '0'
    do {
      const [next, found]: [string, string[]] = await node.scan(cursor, 'MATCH', pattern, 'COUNT', KEYS_PER_STEP)
      cursor = next
      if (found.length > 0) yield found
    } while (cursor !== '0')
  }
}
