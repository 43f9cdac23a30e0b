import type { WorkerAnswer, WorkerTask } from './pool-messages.ts'

export interface PasswordJob {
  id: number
  task: WorkerTask
  /** How many workers died over it. */
  deaths: number
  resolve (answer: WorkerAnswer): void
  reject (error: Error): void
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

/** A first-in first-out queue of password jobs. One that waited longer than `maxWaitMs` is handed to `onExpired` and never started. */
export const createPasswordQueue = (
  { maxWaitMs, onExpired }: { maxWaitMs: number, onExpired: (job: PasswordJob) => void }
): PasswordQueue => {
  const waiting: PasswordJob[] = []
  const timers = new Map<PasswordJob, NodeJS.Timeout>()

  const remove = (job: PasswordJob): void => {
    clearTimeout(timers.get(job))
    timers.delete(job)
    waiting.splice(waiting.indexOf(job), 1)
  }
  const expireLater = (job: PasswordJob): void => {
    timers.set(job, setTimeout(() => { remove(job); onExpired(job) }, maxWaitMs))
  }

  return {
    get length () { return waiting.length },
    add: job => { waiting.push(job); expireLater(job) },
    addFirst: job => { waiting.unshift(job); expireLater(job) },
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
