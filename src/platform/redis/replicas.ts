import { Cluster, type Redis } from 'ioredis'
import type { RedisClient } from './connect.ts'
import { COMMAND_DEADLINE_MS, inTime } from './deadline.ts'
import { NotReplicatedError } from './errors.ts'
import { addressOf, addressOfNode, mark, markAt, nodeAt } from './nodes.ts'

/**
 * Does a write to `key` and answers once enough replicas have it, so that no failover can undo what was promised.
 * @throws NotReplicatedError when too few have it in time. The write is done then; it must not be answered with success.
 */
export type Durably = <Answer>(key: string, write: () => Promise<Answer>) => Promise<Answer>

export interface Replicas { durably: Durably, close: () => void }

/** A connection that may block, next to that of a master. */
interface Gate {
  isBeside: (master: Redis) => boolean
  /** Resolves when enough replicas have all that the server at `writtenTo` has answered so far. */
  pass: (writtenTo: string) => Promise<void>
  close: () => void
}

/** So that a replica that is missing is told from a master that hangs. */
const WAIT_MS = COMMAND_DEADLINE_MS - 100

/** `wanted` replicas must have each write; with 0 writes cost nothing more. */
export function createReplicas (redis: RedisClient, wanted: number): Replicas {
  if (wanted === 0) return { durably: async (_key, write) => await write(), close: () => {} }
  const gates = new Map<Redis, Gate>()

  const gateOf = (master: Redis): Gate => {
    const known = gates.get(master)
    if (known?.isBeside(master)) return known
    known?.close()
    const gate = openGate(master, wanted, numberOn(master), () => { if (gates.get(master) === gate) gates.delete(master) })
    gates.set(master, gate)
    return gate
  }
  const numberOn = (master: Redis) => (from: number): number | undefined =>
    redis instanceof Cluster ? markAt(redis, addressOfNode(master), from) : 0
  const masterOf = (key: string): Redis | undefined => redis instanceof Cluster ? nodeAt(redis, addressOf(redis, key)) : redis

  return {
    durably: async (key, write) => {
      const before = masterOf(key)
      const answer = await write()
      // Told that the key has moved, the client asked another master; or the cluster changed behind an answer of the old one. Both then.
      const masters = [...new Set([before, masterOf(key)])].filter((master) => master !== undefined)
      if (masters.length === 0) throw new NotReplicatedError()
      const passed = Promise.all(masters.map(async (master) => { await gateOf(master).pass(peerOf(master)) }))
      await inTime(passed).catch(() => { throw new NotReplicatedError() })
      return answer
    },
    close: () => { for (const gate of gates.values()) gate.close() }
  }
}

/**
 * WAIT counts up to what its own connection last wrote, and blocks it: so a write that says nothing, after all that the master answered
 * before, then WAIT, on a connection for that alone. A PING would do up to Redis 7.0 only: from 7.2 on, and in Valkey, WAIT after it
 * waits for nothing. Who comes while one is on its way shares the next.
 */
function openGate (master: Redis, wanted: number, numberFrom: (from: number) => number | undefined, onEnd: () => void): Gate {
  const connection = master.duplicate({ lazyConnect: false, enableOfflineQueue: true, retryStrategy: null, failoverDetector: false })
  let peer: string | undefined
  let current: Promise<void> = Promise.resolve()
  let next: Promise<void> | undefined
  let number = 0
  connection.on('error', () => {})
  connection.once('ready', () => { peer = peerOf(connection) })
  connection.once('end', onEnd)

  async function ask (): Promise<void> {
    const found = numberFrom(number)
    if (found === undefined) throw new NotReplicatedError()
    number = found
    const [, count] = await Promise.all([mark(connection, number).catch(refused), connection.wait(wanted, WAIT_MS)])
    if (count < wanted) throw new NotReplicatedError()
  }
  // The slot of this number moves, or has moved: another one next time.
  const refused = (error: Error): never => {
    if (error.name !== 'ReplyError') throw error
    number++
    throw new NotReplicatedError()
  }
  let isClosing = false
  // Everyone who waited comes here, and each disconnect() would add a listener.
  const close = (): void => {
    if (!isClosing) connection.disconnect()
    isClosing = true
  }

  return {
    isBeside: (one) => peer === undefined || peer === peerOf(one),
    pass: async (writtenTo) => {
      next ??= current.catch(() => {}).then(async () => {
        current = next ?? current
        next = undefined
        await ask()
      })
      await next.catch((error: unknown) => {
        // What a frozen server blocked would block whoever comes next.
        if (!(error instanceof NotReplicatedError)) close()
        throw error
      })
      if (peer !== writtenTo) throw new NotReplicatedError()
    },
    close
  }
}

/** The other end. It changes under a client that a Sentinel leads elsewhere. */
const peerOf = ({ stream }: Redis): string => `${stream?.remoteAddress} ${stream?.remotePort}`
