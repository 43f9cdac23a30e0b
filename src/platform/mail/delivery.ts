import { type Job as QueuedJob, UnrecoverableError } from 'bullmq'
import { DeliveryRefusedError } from '../channels/channel.ts'
import { now } from '../clock.ts'
import type { MailOutcome } from '../metrics/metrics.ts'
import type { OutboxJob } from './outbox.ts'
import { MailRefusedError } from './transport.ts'

// A code dies long before; notices are still news on the next day.
const LIFE_MS = 24 * 60 * 60 * 1000

export interface MailLog {
  info: (facts: object, message: string) => void
  warn: (facts: object, message: string) => void
  error: (facts: object, message: string) => void
}

export interface DeliveryOptions<Job extends OutboxJob, Out extends { message: { kind: string } }> {
  /** Loads what the job is about; null drops it, because what it was about no longer lives. */
  prepare: (job: Job, jobId: string) => Promise<Out | null>
  /**
   * @throws MailRefusedError or DeliveryRefusedError to end the job; anything else is tried again. Messages of errors must hold no address
   * and no code.
   */
  send: (mail: Out, jobId: string) => Promise<void>
  log: MailLog
  /** Told what became of each try, and how long after it was due. */
  onSettled?: (job: Job, outcome: MailOutcome, delaySeconds: number) => void
}

/** One try of a job. It is tried again for 24 hours while the other side is away, and given up when that says no for good. */
export async function deliver<Job extends OutboxJob, Out extends { message: { kind: string } }> (
  queued: QueuedJob<Job>, { prepare, send, log, onSettled }: DeliveryOptions<Job, Out>
): Promise<void> {
  const jobId = queued.id ?? ''
  const facts = { jobId, job: queued.name, attempt: queued.attemptsMade + 1 }
  const settle = (outcome: MailOutcome): void => onSettled?.(
    queued.data, outcome, Math.max(0, now() - queued.timestamp - (queued.opts.delay ?? 0)) / 1000
  )
  try {
    const mail = await prepare(queued.data, jobId)
    if (!mail) {
      settle('dropped')
      log.info({ event: 'mail.dropped', ...facts }, 'a mail was dropped: what it was about no longer lives')
      return
    }
    await send(mail, jobId)
    settle('sent')
    log.info({ event: 'mail.sent', ...facts, mail: mail.message.kind }, 'a mail was handed over')
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    if (error instanceof MailRefusedError || error instanceof DeliveryRefusedError || now() - queued.timestamp > LIFE_MS) {
      settle('given_up')
      log.error({ event: 'mail.given_up', ...facts, reason }, 'a mail was given up')
      throw new UnrecoverableError(reason)
    }
    settle('delayed')
    log.warn({ event: 'mail.delayed', ...facts, reason }, 'a mail could not be handed over and will be tried again')
    throw new Error(reason)
  }
}
