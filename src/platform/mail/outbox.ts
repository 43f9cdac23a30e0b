import { Queue } from 'bullmq'
import { newId } from '../ids.ts'
import type { RedisClient } from '../redis/connect.ts'
import { inTime } from '../redis/deadline.ts'
import type { Durably } from '../redis/replicas.ts'

export const QUEUE = 'outbox'
// More than fit into a mail's life: its end is judged by time (delivery.ts).
const ATTEMPTS = 10_000

/** What a job says: a kind and ids. Never a secret, a code or an address: it lies in Redis in clear. */
export interface OutboxJob { kind: string }

export interface AddOptions {
  /** While a job of this id waits, another one is not added. Never an id of an account: BullMQ keeps them in its events. */
  id?: string
  delayMs?: number
}

export interface OutboxOptions {
  /** Fails at once when Redis is away; may be shared. */
  connection: RedisClient
  durably: Durably
  /** A hash tag, so that the queue works on Redis Cluster. */
  prefix: string
}

export interface Outbox<Job extends OutboxJob> {
  /** Resolves when Redis has the job. @throws at once when Redis is away, after 800 ms in any case (it may still be sent then) */
  add: (job: Job, options?: AddOptions) => Promise<void>
  /** How many wait to be sent, those that are due later too. */
  waiting: () => Promise<number>
  close: () => Promise<void>
}

/**
 * Mails on their way, durable in Redis. A worker (outbox-worker.ts), here or elsewhere, sends each at least once (after a crash perhaps
 * twice, under the same Message-ID).
 */
export function createOutbox<Job extends OutboxJob> ({ connection, durably, prefix }: OutboxOptions): Outbox<Job> {
  const queue = openQueue(connection, prefix)
  return {
    add: async (job, { id = newId(), delayMs = 0 } = {}) => {
      await inTime(durably(prefix, async () => await queue.add(job.kind, job, { jobId: id, delay: delayMs })))
    },
    waiting: async () => await inTime(queue.count()),
    close: async () => { await queue.close() }
  }
}

function openQueue (connection: RedisClient, prefix: string): Queue {
  const queue = new Queue(QUEUE, {
    connection,
    prefix,
    // All three would ask Redis at boot, and a Redis that is away then would leave the queue dead for good.
    skipVersionCheck: true,
    skipMetasUpdate: true,
    skipWaitingForReady: true,
    // The log tells of what was given up. A job that stayed would hold the id of an account that may be deleted.
    defaultJobOptions: { attempts: ATTEMPTS, backoff: { type: 'custom' }, removeOnComplete: true, removeOnFail: true, stackTraceLimit: 0 }
  })
  // Without a listener errors go to the console. Who made the connection tells of its state.
  queue.on('error', () => {})
  return queue
}
