import { DelayedError, type Job } from 'bullmq'
import { now } from '../clock.ts'
import { inTime } from '../redis/deadline.ts'
import { ANSWER_MS } from './transport.ts'

/** A minute for the body, before the answer to it counts. */
const UNSURE_MS = ANSWER_MS + 60_000
/** A killed process loses its mail after this; a living one renews its hold in half the time. */
export const LOCK_MS = 5_000

/** Kept with the job before a mail server is given the body: whoever finds it after a crash must take the mail for perhaps delivered. */
interface Handover { attempt: number, atMs: number, times: number }

type Marked = Job<{ kind: string, handover?: Handover }>

/** To be tried again, and not before. */
export class RetryLaterError extends Error {
  readonly delayMs: number

  constructor (message: string, delayMs: number) {
    super(message)
    this.name = 'RetryLaterError'
    this.delayMs = delayMs
  }
}

/** @throws Error when that is not in Redis, or the job went to somebody else meanwhile: then the body must not leave */
export async function noteHandover (job: Marked): Promise<void> {
  const times = (job.data.handover?.times ?? 0) + 1
  const handover: Handover = { attempt: job.attemptsMade, atMs: now(), times }
  const [isOurs] = await inTime(Promise.all([
    job.extendLock(job.token ?? '', LOCK_MS), job.updateData({ ...job.data, handover })
  ]))
  if (!isOurs) throw new Error('the mail is in other hands')
}

/** For how long this mail may still have been delivered by a try that nobody saw the end of; 0: it was not. */
export function unsureForMs ({ data: { handover }, attemptsMade }: Marked): number {
  if (handover?.attempt !== attemptsMade) return 0
  return Math.max(0, handover.atMs + waitOf(handover) - now())
}

/** How long a mail waits whose server had it and did not answer: longer each time, or a server that never answers fills a mailbox. */
export const unansweredMs = ({ data: { handover } }: Marked): number => waitOf(handover)

const waitOf = (handover: Handover | undefined): number => UNSURE_MS * 2 ** ((handover?.times ?? 1) - 1)

/** Not now; it counts as no try. */
export async function putOff (queued: Job, milliseconds: number): Promise<never> {
  await queued.moveToDelayed(now() + milliseconds, queued.token)
  throw new DelayedError()
}
