import type { Redis } from 'ioredis'
import { now } from '../../platform/clock.ts'
import type { RedisClient } from '../../platform/redis/connect.ts'
import { keys } from '../../platform/redis/keys.ts'
import { mastersOf } from '../../platform/redis/nodes.ts'
import { scanAll } from '../../platform/redis/scan.ts'

/** One node, as INFO and CONFIG describe it. A setting is null where CONFIG is forbidden. */
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

/** How many records were made under each secret, by key id. */
export interface RecordCounts { passwords: Map<string, number>, authenticators: Map<string, number>, addressKey: string | null }

const KEY_ID_LENGTH = 4

export async function lookAtRedis (redis: RedisClient): Promise<NodeFacts[]> {
  return await Promise.all(mastersOf(redis).map(lookAtNode))
}

async function lookAtNode (node: Redis): Promise<NodeFacts> {
  const info = await node.info()
  const infoOf = (name: string): string | null => new RegExp(`^${name}:(.*?)\r?$`, 'm').exec(info)?.[1] ?? null
  const setting = async (name: string): Promise<string | null> => {
    try {
      return (await node.config('GET', name))[1] ?? null
    } catch (error) {
      if (error instanceof Error && error.name === 'ReplyError') return null
      throw error
    }
  }
  const minReplicas = await setting('min-replicas-to-write')
  const askedAt = now()
  const [seconds, microseconds] = await node.time()
  return {
    version: infoOf('valkey_version') ?? infoOf('redis_version') ?? '0',
    isValkey: infoOf('valkey_version') !== null,
    policy: await setting('maxmemory-policy') ?? infoOf('maxmemory_policy'),
    appendonly: await setting('appendonly') ?? (infoOf('aof_enabled') === '1' ? 'yes' : 'no'),
    appendfsync: await setting('appendfsync'),
    isLastWriteOk: infoOf('aof_last_write_status') !== 'err',
    replicas: Number(infoOf('connected_slaves') ?? 0),
    minReplicas: minReplicas === null ? null : Number(minReplicas),
    skewMs: Number(seconds) * 1000 + Number(microseconds) / 1000 - (askedAt + now()) / 2
  }
}

/** Reads every account and authenticator by SCAN, which never blocks Redis for long. */
export async function countRecords (redis: RedisClient, onProgress: (seen: number, total: number) => void): Promise<RecordCounts> {
  const addressKey = (await redis.get(keys.addressKey))?.slice(0, KEY_ID_LENGTH) ?? null
  const counts: RecordCounts = { passwords: new Map(), authenticators: new Map(), addressKey }
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
  const isRecord = matcherOf(keys.account('').record)
  const isTotp = matcherOf(keys.account('').totp)
  const values = await Promise.all(found.filter((key) => isRecord(key) || isTotp(key)).map(async (key) => {
    const value = await redis.hget(key, isTotp(key) ? 'secret' : 'passwordHash')
    return { counts: isTotp(key) ? authenticators : passwords, kid: value?.slice(0, KEY_ID_LENGTH) }
  }))
  for (const { counts, kid } of values) if (kid !== undefined) counts.set(kid, (counts.get(kid) ?? 0) + 1)
}

/** From `{u:}:account`: tests whether a key is `{u:ID}:account` for any id. */
function matcherOf (keyWithoutId: string): (key: string) => boolean {
  const [start = '', end = ''] = keyWithoutId.split('}')
  return (key) => key.startsWith(start) && key.endsWith(`}${end}`)
}
