import type { Job as QueuedJob, Queue } from 'bullmq'
import { DeliveryRefusedError } from '../channels/channel.ts'
import { now } from '../clock.ts'
import { newId } from '../ids.ts'
import type { Locale } from '../locales/index.ts'
import type { MailOutcome } from '../metrics/metrics.ts'
import type { RedisClient } from '../redis/connect.ts'
import { inTime } from '../redis/deadline.ts'
import type { Durably } from '../redis/replicas.ts'
import type { MailMessage } from '../locales/messages.ts'
import { noteHandover, putOff, RetryLaterError, unansweredMs, unsureForMs } from './handover.ts'
import { countInHour } from './hourly-limit.ts'
import { startOutboxWorker, type OutboxWorker } from './outbox-worker.ts'
import { MailRefusedError, MailUnansweredError } from './transport.ts'

const NAME = 'outbox'
// A code dies long before; notices are still news on the next day.
const LIFE_MS = 24 * 60 * 60 * 1000
// More than fit into that life: its end is judged by time.
const ATTEMPTS = 10_000
const UNANSWERED = 'a mail was handed over without an answer: it may have arrived, so it is not sent again for now'

/** What a job says: a kind and ids. Never a secret, a code or an address: it lies in Redis in clear. */
export interface MailJob { kind: string }

export interface OutgoingMail { to: string, locale: Locale, message: MailMessage }

export interface OutboxLog {
  info: (facts: object, message: string) => void
  warn: (facts: object, message: string) => void
  error: (facts: object, message: string) => void
}

/** What `prepare` makes and `send` hands over, whatever carries it. */
interface Outgoing { message: { kind: string } }

export interface AddOptions {
  /** While a job of this id waits, another one is not added. Never an id of an account: BullMQ keeps them in its events. */
  id?: string
  delayMs?: number
}

export interface OutboxOptions<Job extends MailJob, Out extends Outgoing = OutgoingMail> {
  /** Fails at once when Redis is away; may be shared. */
  queueConnection: RedisClient
  durably: Durably
  /** Patient, of its own: `maxRetriesPerRequest: null`, no `commandTimeout`. Closed by whoever made it. */
  workerConnection: RedisClient
  /** A hash tag, so that the queue works on Redis Cluster. */
  prefix: string
  /** Loads what the job is about; null drops it, because what it was about no longer lives. */
  prepare: (job: Job, jobId: string) => Promise<Out | null>
  /**
   * Calls `beforeData` before the other side is given what it would deliver, unless it drops what it has.
   * @throws MailRefusedError or DeliveryRefusedError to end the job; anything else is tried again. Messages of errors must hold no address
   * and no code.
   */
  send: (mail: Out, jobId: string, beforeData: () => Promise<void>) => Promise<void>
  log: OutboxLog
  /** How many may leave in an hour; without it nobody counts. */
  hourlyLimit?: number
  /** Told what became of each try, and how long after it was due. */
  onSettled?: (job: Job, outcome: MailOutcome, delaySeconds: number) => void
}

export interface Outbox<Job extends MailJob> {
  /**
   * Resolves when Redis has the job. @throws at once when Redis is away, and 800 ms after BullMQ is loaded in any case (it may still be
   * sent then).
   */
  add: (job: Job, options?: AddOptions) => Promise<void>
  /** How many wait to be sent, those that are due later too. */
  waiting: () => Promise<number>
  /** Begins to send, as soon as Redis is there. Resolves when what it needs is loaded. */
  start: () => Promise<void>
  /** Takes no new mail and gives those on their way five seconds; what is left goes out after the next start. */
  close: () => Promise<void>
}

/**
 * Mails on their way, durable in Redis: each is sent at least once, tried again for 24 hours while the mail server is away, and given up
 * when it says no for good. What may have been delivered without an answer waits for as long as a server may take for one, and goes
 * out again under the same Message-ID.
 */
export function createOutbox<Job extends MailJob, Out extends Outgoing = OutgoingMail> (options: OutboxOptions<Job, Out>): Outbox<Job> {
  const { queueConnection, workerConnection, durably, prefix, log } = options
  let queue: Promise<Queue> | null = null
  const opened = async (): Promise<Queue> => {
    queue ??= openQueue(queueConnection, prefix)
    return await queue.catch((error: unknown) => {
      queue = null
      throw error
    })
  }
  let worker: OutboxWorker | null = null
  let isAway = false
  // Every try to connect again ends here.
  const tellAway = (error: Error): void => {
    if (!isAway) log.warn({ event: 'mail.outbox_away', reason: error.message }, 'the outbox cannot be reached and is tried again')
    isAway = true
  }

  return {
    add: async (job, { id = newId(), delayMs = 0 } = {}) => {
      const queue = await opened()
      await inTime(durably(prefix, async () => await queue.add(job.kind, job, { jobId: id, delay: delayMs })))
    },
    waiting: async () => {
      const queue = await opened()
      return await inTime(queue.count())
    },
    start: async () => {
      if (worker) return
      workerConnection.on('ready', () => { isAway = false })
      worker = startOutboxWorker({
        name: NAME,
        prefix,
        connection: workerConnection,
        deliver: async (job) => { await deliver(job, options) },
        onError: tellAway
      })
      await opened().catch(tellAway)
    },
    close: async () => {
      const isDone = await worker?.close() ?? true
      if (!isDone) log.warn({ event: 'mail.left' }, 'mails on their way are left for the next start')
      await (await queue?.catch(() => null))?.close()
    }
  }
}

async function openQueue (connection: RedisClient, prefix: string): Promise<Queue> {
  // Here and in the worker, because to load it takes a tenth of a start, and nobody's first question needs it.
  const { Queue } = await import('bullmq')
  const queue = new Queue(NAME, {
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

async function deliver<Job extends MailJob, Out extends Outgoing> (
  queued: QueuedJob<Job>, { prepare, send, log, onSettled, hourlyLimit, queueConnection, prefix }: OutboxOptions<Job, Out>
): Promise<void> {
  const jobId = queued.id ?? ''
  const facts = { jobId, job: queued.name, attempt: queued.attemptsMade + 1 }
  const settle = (outcome: MailOutcome): void => onSettled?.(
    queued.data, outcome, Math.max(0, now() - queued.timestamp - (queued.opts.delay ?? 0)) / 1000
  )
  const unsureMs = unsureForMs(queued)
  if (unsureMs > 0) {
    log.warn({ event: 'mail.unanswered', ...facts, waitSeconds: Math.ceil(unsureMs / 1000) }, UNANSWERED)
    return await putOff(queued, unsureMs)
  }
  const heldMs = hourlyLimit === undefined || queued.attemptsMade > 0 ? 0 : await countInHour(queueConnection, prefix, hourlyLimit)
  if (heldMs > 0) {
    settle('held')
    log.warn({ event: 'mail.held', ...facts, waitSeconds: Math.ceil(heldMs / 1000) }, 'LIMIT_MAILS_HOUR is reached: a mail waits')
    return await putOff(queued, heldMs)
  }
  try {
    const mail = await prepare(queued.data, jobId)
    if (!mail) {
      settle('dropped')
      log.info({ event: 'mail.dropped', ...facts }, 'a mail was dropped: what it was about no longer lives')
      return
    }
    await send(mail, jobId, async () => { await noteHandover(queued) })
    settle('sent')
    log.info({ event: 'mail.sent', ...facts, mail: mail.message.kind }, 'a mail was handed over')
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    if (error instanceof MailRefusedError || error instanceof DeliveryRefusedError || now() - queued.timestamp > LIFE_MS) {
      settle('given_up')
      log.error({ event: 'mail.given_up', ...facts, reason }, 'a mail was given up')
      const { UnrecoverableError } = await import('bullmq')
      throw new UnrecoverableError(reason)
    }
    settle('delayed')
    if (error instanceof MailUnansweredError) {
      const waitMs = unansweredMs(queued)
      log.warn({ event: 'mail.unanswered', ...facts, reason, waitSeconds: waitMs / 1000 }, UNANSWERED)
      throw new RetryLaterError(reason, waitMs)
    }
    log.warn({ event: 'mail.delayed', ...facts, reason }, 'a mail could not be handed over and will be tried again')
    throw new Error(reason)
  }
}
