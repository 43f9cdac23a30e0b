import { availableParallelism } from 'node:os'
import { Problem } from '../../errors.ts'
import { createPasswordQueue, type PasswordJob } from './pool-queue.ts'
import { createPoolWorkers, type PoolWorkerState } from './pool-workers.ts'
import type { WorkerAnswer, WorkerTask } from './pool-messages.ts'

/** Waiting jobs per core: about seven seconds of work at the default cost. Whoever comes later is told when to come back. */
export const QUEUE_PER_CORE = 32
const DEFAULT_MAX_WAIT_MS = 10_000
// Only to answer before the first job was measured: cost 12 took 224 ms on a slow core.
const GUESSED_MS_PER_ROUND = 0.055
const WEIGHT_OF_NEWEST_JOB = 0.2

/** The pool cannot take or start a job in time. `retryAfterSeconds` is whole seconds, at least 1, judged by queue and measured work. */
export class PasswordPoolBusyError extends Problem {
  readonly retryAfterSeconds: number

  constructor (retryAfterSeconds: number) {
    super('SERVICE_UNAVAILABLE', { retryAfterSeconds })
    this.name = 'PasswordPoolBusyError'
    this.message = 'no room for more password work'
    this.retryAfterSeconds = retryAfterSeconds
  }
}

export interface PasswordPoolOptions {
  /** Worker processes; one per core by default. */
  size?: number
  /** bcrypt cost of new hashes, 4 to 15. */
  cost: number
  /** Jobs that may wait for a worker; one more is refused at once. */
  queueLimit: number
  /** A job that has not been started after this long is refused; 10 s by default. */
  maxWaitMs?: number
  log?: { warn (details: object, message: string): void }
}

export interface PasswordPoolMetrics {
  waiting: number
  running: number
  done: number
  refused: number
  restarts: number
  /** bcrypt work done so far, as the sum of 2^cost. */
  rounds: number
}

export interface PasswordPool {
  /** Resolves when every worker has started; jobs may be given before. */
  ready (): Promise<void>
  /** A bcrypt hash of the input (at most 72 bytes of it count) at the pool's cost. */
  hash (input: string): Promise<string>
  /** Whether the input has this hash; costs at least one hash at the pool's cost, however old or malformed the hash is. */
  verify (input: string, bcryptHash: string): Promise<boolean>
  /** Whether this is the password of a hash that another system made; takes about as long as `verify`. */
  verifyForeign (password: string, hash: string): Promise<boolean>
  /** zxcvbn's score of a new password, 0 to 4, where `words` are known to an attacker. */
  estimate (password: string, words: string[]): Promise<number>
  metrics (): PasswordPoolMetrics
  /** How many jobs may run and wait at once. */
  readonly capacity: number
  /** What one job more than that is told. */
  refusal (): PasswordPoolBusyError
  workers (): { pid: number | undefined, state: PoolWorkerState }[]
  /** Refuses what waits, lets running jobs end, and resolves when all workers are gone. */
  close (): Promise<void>
}

/**
 * Runs password work in child processes at low priority, one job per process at a time. All jobs may be refused with
 * PasswordPoolBusyError. A job whose worker dies is done again by another, once.
 */
export const createPasswordPool = (
  { size = availableParallelism(), cost, queueLimit, maxWaitMs = DEFAULT_MAX_WAIT_MS, log }: PasswordPoolOptions
): PasswordPool => {
  const counts = { done: 0, refused: 0, rounds: 0 }
  let averageJobMs = 2 ** cost * GUESSED_MS_PER_ROUND
  let lastId = 0
  let isClosed = false

  const refuse = (job: PasswordJob): void => { job.reject(refusal()) }
  const queue = createPasswordQueue({ maxWaitMs, onExpired: refuse })
  const workers = createPoolWorkers({
    size,
    log,
    takeJob: mayDo => queue.take(mayDo),
    retryJob: job => isClosed ? refuse(job) : queue.addFirst(job),
    onDone: (answer, jobMs) => {
      counts.done++
      counts.rounds += answer.rounds
      if (answer.kind !== 'estimate') averageJobMs += (jobMs - averageJobMs) * WEIGHT_OF_NEWEST_JOB
    }
  })
  const refusal = (): PasswordPoolBusyError => {
    counts.refused++
    const jobsBefore = queue.length + workers.running()
    return new PasswordPoolBusyError(Math.max(1, Math.ceil(jobsBefore / size * averageJobMs / 1000)))
  }

  const run = (task: WorkerTask): Promise<WorkerAnswer> => new Promise((resolve, reject) => {
    const job: PasswordJob = { id: ++lastId, task, deaths: 0, resolve, reject }
    if (isClosed || (queue.length >= queueLimit && !workers.hasIdleFor(job))) return refuse(job)
    queue.add(job)
    workers.pump()
  })

  return {
    ready: () => workers.ready(),
    async hash (input) {
      const answer = await run({ kind: 'hash', input, cost })
      return answer.kind === 'hash' ? answer.hash : unexpected(answer)
    },
    async verify (input, hash) {
      const answer = await run({ kind: 'verify', input, hash, cost })
      return answer.kind === 'verify' ? answer.matches : unexpected(answer)
    },
    async verifyForeign (password, hash) {
      const answer = await run({ kind: 'verify-foreign', password, hash, cost })
      return answer.kind === 'verify-foreign' ? answer.matches : unexpected(answer)
    },
    async estimate (password, words) {
      const answer = await run({ kind: 'estimate', password, words })
      return answer.kind === 'estimate' ? answer.score : unexpected(answer)
    },
    metrics: () => ({ waiting: queue.length, running: workers.running(), restarts: workers.restarts(), ...counts }),
    capacity: size + queueLimit,
    refusal,
    workers: () => workers.list(),
    close () {
      isClosed = true
      queue.takeAll().forEach(refuse)
      return workers.close()
    }
  }
}

const unexpected = (answer: WorkerAnswer): never => {
  throw new Error(`password worker answered ${answer.kind === 'failed' ? answer.errorName : answer.kind}`)
}
