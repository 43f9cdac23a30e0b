import { type Job as QueuedJob, Worker } from 'bullmq'
import type { RedisClient } from '../redis/connect.ts'
import { deliver, type DeliveryOptions } from './delivery.ts'
import { type OutboxJob, QUEUE } from './outbox.ts'

const SECOND = 1000
// A killed worker loses its mail after this; a living one renews its hold in half the time. With the checks: well within ten seconds.
const LOCK_MS = 5 * SECOND
const STALLED_CHECK_MS = 1 * SECOND
// A mail that meets several crashes in a row is not given up.
const MOST_CRASHES = 10_000
const RECONNECT_MS = 500
const AT_ONCE = 5
const RETRY_AFTER_SECONDS = [1, 2, 5, 10]
const LAST_RETRY_SECONDS = 15
const CLOSE_IDLE_MS = 1 * SECOND
const CLOSE_BUSY_MS = 5 * SECOND

interface Sendable { message: { kind: string } }

export interface OutboxWorkerOptions<Job extends OutboxJob, Out extends Sendable> extends DeliveryOptions<Job, Out> {
  /** That of the outbox. */
  prefix: string
  /** Patient, of its own: `maxRetriesPerRequest: null`, no `commandTimeout`. Closed by whoever made it. */
  connection: RedisClient
}

export interface OutboxWorker {
  /**
   * Gives what is on its way five seconds, then lets go: the next worker takes it. A mail that is stuck still has its timers: the thread
   * is to end.
   */
  close: () => Promise<void>
}

/** Sends what is in the outbox as soon as Redis is there, now or later, and again after every loss. */
export function startOutboxWorker<Job extends OutboxJob, Out extends Sendable> (options: OutboxWorkerOptions<Job, Out>): OutboxWorker {
  const { connection, prefix, log } = options
  const closing = new AbortController()
  let busy = 0
  let worker: Worker | null = null
  let isAway = false

  // Every try to connect again ends here.
  const tellAway = (error: Error): void => {
    if (!isAway) log.warn({ event: 'mail.outbox_away', reason: error.message }, 'the outbox cannot be reached and is tried again')
    isAway = true
  }
  connection.on('ready', () => { isAway = false })

  const counted = async (job: QueuedJob<Job>): Promise<void> => {
    busy++
    try {
      await deliver(job, options)
    } finally {
      busy--
    }
  }

  // A worker of BullMQ whose connections cannot be made at its birth never works, and its commands pile up meanwhile. So it is born
  // when Redis is there, and again if Redis left in that very moment.
  async function open (): Promise<void> {
    await whenReady(connection, closing.signal)
    if (closing.signal.aborted) return
    let born: Worker | null = null
    try {
      worker = born = createWorker(counted, { connection, prefix })
      born.on('error', tellAway)
      await born.waitUntilReady()
    } catch {
      await born?.close(true)
      if (closing.signal.aborted) return
      setTimeout(() => { open().catch(tellAway) }, RECONNECT_MS).unref()
    }
  }
  open().catch(tellAway)

  return {
    close: async () => {
      closing.abort()
      const last = worker
      if (!last) return
      // Without Redis nothing can be finished, and a gentle close would wait for an end of the connection that never comes.
      const isForced = connection.status !== 'ready'
      const isDone = await settlesWithin(busy > 0 && !isForced ? CLOSE_BUSY_MS : CLOSE_IDLE_MS, last.close(isForced)) && !isForced
      if (busy > 0 && !isDone) log.warn({ event: 'mail.left' }, 'mails on their way are left for the next start')
    }
  }
}

function createWorker<Job extends OutboxJob> (
  deliverOne: (job: QueuedJob<Job>) => Promise<void>, connecting: { connection: RedisClient, prefix: string }
): Worker {
  return new Worker(QUEUE, deliverOne, {
    ...connecting,
    concurrency: AT_ONCE,
    lockDuration: LOCK_MS,
    stalledInterval: STALLED_CHECK_MS,
    maxStalledCount: MOST_CRASHES,
    // Its default sleeps 15 seconds after Redis is back.
    runRetryDelay: RECONNECT_MS,
    // It would ask Redis at birth and warn through the console.
    skipVersionCheck: true,
    settings: { backoffStrategy: (attemptsMade) => SECOND * (RETRY_AFTER_SECONDS[attemptsMade - 1] ?? LAST_RETRY_SECONDS) }
  })
}

async function whenReady (connection: RedisClient, signal: AbortSignal): Promise<void> {
  if (connection.status === 'ready' || signal.aborted) return
  const ready = new Promise<void>((resolve) => {
    connection.once('ready', resolve)
    signal.addEventListener('abort', () => { resolve() }, { once: true })
  })
  if (connection.status === 'wait') connection.connect().catch(() => {})
  await ready
}

async function settlesWithin (milliseconds: number, work: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<boolean>((resolve) => { timer = setTimeout(() => { resolve(false) }, milliseconds) })
  const settled = await Promise.race([work.then(() => true, () => true), late])
  clearTimeout(timer)
  return settled
}
