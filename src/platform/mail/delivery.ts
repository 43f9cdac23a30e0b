import { type Job as QueuedJob, UnrecoverableError } from 'bullmq'
import { DeliveryRefusedError } from '../channels/channel.ts'
import { now } from '../clock.ts'
import type { MailOutcome } from '../metrics/metrics.ts'
import { noteHandover, putOff, RetryLaterError, unansweredMs, unsureForMs } from './handover.ts'
import type { OutboxJob } from './outbox.ts'
import { MailRefusedError, MailUnansweredError } from './transport.ts'

// A code dies long before; notices are still news on the next day.
const LIFE_MS = 24 * 60 * 60 * 1000
const UNANSWERED = 'a mail was handed over without an answer: it may have arrived, so it is not sent again for now'

export interface MailLog {
  info: (facts: object, message: string) => void
  warn: (facts: object, message: string) => void
  error: (facts: object, message: string) => void
}

export interface DeliveryOptions<Job extends OutboxJob, Out extends { message: { kind: string } }> {
  /** Loads what the job is about; null drops it, because what it was about no longer lives. */
  prepare: (job: Job, jobId: string) => Promise<Out | null>
  /**
   * Calls `beforeData` before the other side is given what it would deliver, unless that drops what it has.
   * @throws MailRefusedError or DeliveryRefusedError to end the job; anything else is tried again. Messages of errors must hold no address
   * and no code.
   */
  send: (mail: Out, jobId: string, beforeData: () => Promise<void>) => Promise<void>
  /** For how many milliseconds a job must wait that would otherwise have its first try now. */
  holdMs?: () => Promise<number>
  log: MailLog
  /** Told what became of each try, and how long after it was due. */
  onSettled?: (job: Job, outcome: MailOutcome, delaySeconds: number) => void
}

/**
 * One try of a job. It is tried again for 24 hours while the other side is away, and given up when that says no for good. What may have
 * been delivered without an answer waits for as long as a server may take for one, and goes out again under the same Message-ID.
 */
export async function deliver<Job extends OutboxJob, Out extends { message: { kind: string } }> (
  queued: QueuedJob<Job>, { prepare, send, holdMs, log, onSettled }: DeliveryOptions<Job, Out>
): Promise<void> {
  const jobId = queued.id ?? ''
  const facts = { jobId, job: queued.name, attempt: queued.attemptsMade + 1 }
  const unsureMs = unsureForMs(queued)
  if (unsureMs > 0) {
    log.warn({ event: 'mail.unanswered', ...facts, waitSeconds: Math.ceil(unsureMs / 1000) }, UNANSWERED)
    return await putOff(queued, unsureMs)
  }
  const settle = (outcome: MailOutcome): void => onSettled?.(
    queued.data, outcome, Math.max(0, now() - queued.timestamp - (queued.opts.delay ?? 0)) / 1000
  )
  const heldMs = holdMs === undefined || queued.attemptsMade > 0 ? 0 : await holdMs()
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
