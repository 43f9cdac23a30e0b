import { Cluster, Command, type Redis } from 'ioredis'
import type { RedisClient } from './connect.ts'

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
  cluster.nodes().find(({ options: { host, port } }) => `${host}:${port}` === address)

/** Where the client believes the master of `key` to be; what Redis moved is known from the first answer on. */
export const addressOf = ({ slots }: Cluster, key: string): string | undefined => slots[slotOf(key)]?.[0]

export const slotOf = (key: string): number => new Command('exists', [key]).getSlot() ?? 0
