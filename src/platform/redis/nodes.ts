import { Cluster, Command, type Redis } from 'ioredis'
import type { RedisClient } from './connect.ts'
import { keys } from './keys.ts'

/** A shard that so many keys miss serves next to nothing. */
const MOST_TRIES = 2_000
const MARK_MS = 10_000

/** Part of a Cluster: the lowest of the slots that one master serves, and where it is, as `host:port`. */
export interface Shard { slot: number, address: string }

/** All servers the client knows of: of a Cluster its replicas too. */
export const nodesOf = (redis: RedisClient): Redis[] => redis instanceof Cluster ? redis.nodes() : [redis]

export const mastersOf = (redis: RedisClient): Redis[] => redis instanceof Cluster ? redis.nodes('master') : [redis]

/** The masters of a Cluster by their slots, those that are away too. */
export function shardsOf ({ slots }: Cluster): Shard[] {
  const lowest = new Map<string, number>()
  slots.forEach(([address], slot) => { if (address !== undefined && !lowest.has(address)) lowest.set(address, slot) })
  return [...lowest].map(([address, slot]) => ({ slot, address }))
}

export const nodeAt = (cluster: Cluster, address: string | undefined): Redis | undefined =>
  cluster.nodes().find((node) => addressOfNode(node) === address)

/** Where the client believes the master of `key` to be; what Redis moved is known from the first answer on. */
export const addressOf = ({ slots }: Cluster, key: string): string | undefined => slots[slotOf(key)]?.[0]

export const addressOfNode = ({ options: { host, port } }: Redis): string => `${host}:${port}`

/** The first number from `from` on whose mark lies at `address`; undefined where next to no key does. */
export function markAt (cluster: Cluster, address: string, from = 0): number | undefined {
  for (let number = from; number < from + MOST_TRIES; number++) if (addressOf(cluster, keys.ready(number)) === address) return number
}

/** A write that says nothing and changes nothing. */
export const mark = async (redis: RedisClient, number: number): Promise<unknown> => await redis.set(keys.ready(number), 1, 'PX', MARK_MS)

export const slotOf = (key: string): number => new Command('exists', [key]).getSlot() ?? 0
