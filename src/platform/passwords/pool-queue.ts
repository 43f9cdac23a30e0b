import type { WorkerAnswer, WorkerTask } from './pool-messages.ts'

export interface PasswordJob {
  id: number
  task: WorkerTask
  /** How many workers died over it. */
  deaths: number
  resolve (answer: WorkerAnswer): void
  reject (error: Error): void
  signal: AbortSignal | undefined
}

export interface PasswordQueue {
  readonly length: number
  add (job: PasswordJob): void
  /** Puts a job whose worker died before all others. */
  addFirst (job: PasswordJob): void
  /** Takes the oldest job that the asker may do. */
  take (mayDo: (job: PasswordJob) => boolean): PasswordJob | undefined
  takeAll (): PasswordJob[]
}

/**
 * A first-in first-out queue of password jobs. A job that waited longer than `maxWaitMs` is handed to `onExpired`, one whose
 * requester went away (its signal aborted) is rejected with the signal's reason; neither is ever started.
 */
export const createPasswordQueue = (
  { maxWaitMs, onExpired }: { maxWaitMs: number, onExpired: (job: PasswordJob) => void }
): PasswordQueue => {
  const waiting: PasswordJob[] = []
  const stopWatching = new Map<PasswordJob, () => void>()

  const remove = (job: PasswordJob): void => {
    stopWatching.get(job)?.()
    stopWatching.delete(job)
    waiting.splice(waiting.indexOf(job), 1)
  }
  const watch = (job: PasswordJob): void => {
    const { signal } = job
    const expire = setTimeout(() => { remove(job); onExpired(job) }, maxWaitMs)
    const abort = (): void => {
      remove(job)
      job.reject(signal?.reason instanceof Error ? signal.reason : new Error('aborted'))
    }
    signal?.addEventListener('abort', abort, { once: true })
    stopWatching.set(job, () => {
      clearTimeout(expire)
      signal?.removeEventListener('abort', abort)
    })
  }

  return {
    get length () { return waiting.length },
    add: job => { waiting.push(job); watch(job) },
    addFirst: job => { waiting.unshift(job); watch(job) },
    take: mayDo => {
      const job = waiting.find(mayDo)
      if (job) remove(job)
      return job
    },
    takeAll: () => {
      const jobs = [...waiting]
      jobs.forEach(remove)
      return jobs
    }
  }
}
