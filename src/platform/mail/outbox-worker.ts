import type { Job, Worker } from 'bullmq'
import type { RedisClient } from '../redis/connect.ts'
import { LOCK_MS, RetryLaterError } from './handover.ts'

const SECOND = 1000
// With the hold of a job: what a killed worker had is taken by another one well within ten seconds.
const STALLED_CHECK_MS = 1 * SECOND
// A mail that meets several crashes in a row is not given up.
const MOST_CRASHES = 10_000
const RECONNECT_MS = 500
// So few as long as the other side is quick. Who takes longer waits beside the others, up to the most, which is what the transport
// connects.
const AT_ONCE = 5
const SLOW_MS = 1 * SECOND
const MOST_AT_ONCE = 100
const RETRY_AFTER_SECONDS = [1, 2, 5, 10]
const LAST_RETRY_SECONDS = 15
const CLOSE_IDLE_MS = 1 * SECOND
const CLOSE_BUSY_MS = 5 * SECOND

export interface WorkerOptions {
  name: string
  prefix: string
  connection: RedisClient
  deliver: (job: Job) => Promise<void>
  onError: (error: Error) => void
}

export interface OutboxWorker {
  /** Gives what is on its way five seconds, then lets go: the next worker takes it. True when nothing was left behind. */
  close: () => Promise<boolean>
}

/** Takes jobs as soon as Redis is there, now or later, and again after every loss. */
export function startOutboxWorker (options: WorkerOptions): OutboxWorker {
  const { connection, deliver } = options
  const closing = new AbortController()
  let busy = 0
  let worker: Worker | null = null
  const places = createPlaces(closing.signal)

  const counted = async (job: Job): Promise<void> => {
    const leave = await places.take()
    busy++
    try {
      await deliver(job)
    } finally {
      busy--
      leave()
    }
  }

  // A worker of BullMQ whose connections cannot be made at its birth never works, and its commands pile up meanwhile. So it is born
  // when Redis is there, and again if Redis left in that very moment.
  async function open (): Promise<void> {
    await whenReady(connection, closing.signal)
    if (closing.signal.aborted) return
    let born: Worker | null = null
    try {
      const { Worker } = await import('bullmq')
      if (closing.signal.aborted) return
      worker = born = create(Worker, { ...options, deliver: counted })
      await born.waitUntilReady()
    } catch {
      await born?.close(true)
      if (closing.signal.aborted) return
      setTimeout(() => { open().catch(options.onError) }, RECONNECT_MS).unref()
    }
  }
  open().catch(options.onError)

  return {
    close: async () => {
      closing.abort()
      const last = worker
      if (!last) return true
      // Without Redis nothing can be finished, and a gentle close would wait for an end of the connection that never comes.
      const isForced = connection.status !== 'ready'
      const isDone = await settlesWithin(busy > 0 && !isForced ? CLOSE_BUSY_MS : CLOSE_IDLE_MS, last.close(isForced)) && !isForced
      if (!isDone) {
        // A close that waits for a stuck mail never comes to these: their timers would keep the process alive.
        await last['lockManager'].close()
        last['stalledCheckStopper']?.()
        await last.getBackend().close(true)
      }
      return isDone || busy === 0
    }
  }
}

function create (BornWorker: typeof Worker, { name, prefix, connection, deliver, onError }: WorkerOptions): Worker {
  const worker = new BornWorker(name, deliver, {
    connection,
    prefix,
    concurrency: MOST_AT_ONCE,
    lockDuration: LOCK_MS,
    stalledInterval: STALLED_CHECK_MS,
    maxStalledCount: MOST_CRASHES,
    // Its default sleeps 15 seconds after Redis is back.
    runRetryDelay: RECONNECT_MS,
    // It would ask Redis at birth and warn through the console.
    skipVersionCheck: true,
    settings: {
      backoffStrategy: (attemptsMade, _type, error) => error instanceof RetryLaterError
        ? error.delayMs
        : SECOND * (RETRY_AFTER_SECONDS[attemptsMade - 1] ?? LAST_RETRY_SECONDS)
    }
  })
  // Without a listener errors go to the console.
  worker.on('error', onError)
  return worker
}

/** A place is given up after a second, so that a slow one holds up nobody. Rejects what waits for one when `signal` ends it. */
function createPlaces (signal: AbortSignal): { take: () => Promise<() => void> } {
  const waiting: Array<() => void> = []
  let free = AT_ONCE
  signal.addEventListener('abort', () => { waiting.splice(0).forEach((go) => { go() }) }, { once: true })
  return {
    take: async () => {
      if (free === 0) await new Promise<void>((resolve) => { waiting.push(resolve) })
      else free--
      if (signal.aborted) throw new Error('closing')
      let isMine = true
      const leave = (): void => {
        if (!isMine) return
        isMine = false
        clearTimeout(timer)
        const next = waiting.shift()
        if (next) next()
        else free++
      }
      const timer = setTimeout(leave, SLOW_MS).unref()
      return leave
    }
  }
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
