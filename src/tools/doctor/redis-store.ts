import type { Redis } from 'ioredis'
import { now } from '../../platform/clock.ts'
import type { RedisClient } from '../../platform/redis/connect.ts'
import { keys } from '../../platform/redis/keys.ts'
import { mastersOf } from '../../platform/redis/nodes.ts'
import { scanAll } from '../../platform/redis/scan.ts'

/** One Redis, as INFO and CONFIG tell it. A setting is null where CONFIG is forbidden. */
export interface NodeFacts {
  version: string
  isValkey: boolean
  policy: string | null
  appendonly: string | null
  appendfsync: string | null
  isLastWriteOk: boolean
  replicas: number
  minReplicas: number | null
  /** How far its clock is ahead of ours. */
  skewMs: number
}

/** How many records each secret made, by its key id. */
export interface RecordCounts { passwords: Map<string, number>, authenticators: Map<string, number>, addressKey: string | null }

const KEY_ID_LENGTH = 4

export async function lookAtRedis (redis: RedisClient): Promise<NodeFacts[]> {
  return await Promise.all(mastersOf(redis).map(lookAtNode))
}

async function lookAtNode (node: Redis): Promise<NodeFacts> {
  const info = await node.info()
  const told = (name: string): string | null => new RegExp(`^${name}:(.*?)\r?$`, 'm').exec(info)?.[1] ?? null
  const setting = async (name: string): Promise<string | null> => {
    try {
      return (await node.config('GET', name) as string[])[1] ?? null
    } catch (error) {
      if (error instanceof Error && error.name === 'ReplyError') return null
      throw error
    }
  }
  const minReplicas = await setting('min-replicas-to-write')
  const askedAt = now()
  const [seconds, microseconds] = await node.time()
  return {
    version: told('valkey_version') ?? told('redis_version') ?? '0',
    isValkey: told('valkey_version') !== null,
    policy: await setting('maxmemory-policy') ?? told('maxmemory_policy'),
    appendonly: await setting('appendonly') ?? (told('aof_enabled') === '1' ? 'yes' : 'no'),
    appendfsync: await setting('appendfsync'),
    isLastWriteOk: told('aof_last_write_status') !== 'err',
    replicas: Number(told('connected_slaves') ?? 0),
    minReplicas: minReplicas === null ? null : Number(minReplicas),
    skewMs: Number(seconds) * 1000 + Number(microseconds) / 1000 - (askedAt + now()) / 2
  }
}

/** Looks at every account and authenticator by SCAN, which holds Redis for no request longer than a moment. */
export async function countRecords (redis: RedisClient, onProgress: (seen: number, total: number) => void): Promise<RecordCounts> {
  const counts: RecordCounts = { passwords: new Map(), authenticators: new Map(), addressKey: (await redis.get(keys.addressKey))?.slice(0, KEY_ID_LENGTH) ?? null }
  const sizes = await Promise.all(mastersOf(redis).map(async (node) => await node.dbsize()))
  const total = sizes.reduce((sum, size) => sum + size, 0)
  let seen = 0
  for await (const found of scanAll(redis, '*')) {
    seen += found.length
    await count(redis, found, counts)
    onProgress(Math.min(seen, total), total)
  }
  return counts
}

async function count (redis: RedisClient, found: string[], { passwords, authenticators }: RecordCounts): Promise<void> {
  const isRecord = endOf(keys.account('').record)
  const isTotp = endOf(keys.account('').totp)
  const values = await Promise.all(found.filter((key) => isRecord(key) || isTotp(key)).map(async (key) => {
    const value = await redis.hget(key, isTotp(key) ? 'secret' : 'passwordHash')
    return { counts: isTotp(key) ? authenticators : passwords, kid: value?.slice(0, KEY_ID_LENGTH) }
  }))
  for (const { counts, kid } of values) if (kid !== undefined) counts.set(kid, (counts.get(kid) ?? 0) + 1)
}

/** `{u:}:account` -> whether a key is `{u:ID}:account` for any id. */
function endOf (keyOfNobody: string): (key: string) => boolean {
  const [start = '', end = ''] = keyOfNobody.split('}')
  return (key) => key.startsWith(start) && key.endsWith(`}${end}`)
}
