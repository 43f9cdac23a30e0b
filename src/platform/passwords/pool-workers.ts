import { startChild, type PasswordChild } from './pool-child.ts'
import type { WorkerAnswer, WorkerMessage } from './pool-messages.ts'
import type { PasswordJob } from './pool-queue.ts'

// Dictionaries take about 80 MB of a worker, and an estimate a tenth of a hash's time: one worker in eight is enough.
const WORKERS_PER_ESTIMATOR = 8
const FIRST_RESTART_DELAY_MS = 100
const LONGEST_RESTART_DELAY_MS = 5_000
const MAX_DEATHS_PER_JOB = 2

export type PoolWorkerState = 'starting' | 'idle' | 'busy' | 'gone'

interface PoolWorker {
  child: PasswordChild
  state: PoolWorkerState
  mayEstimate: boolean
  job: PasswordJob | null
  jobStartedMs: number
  restartDelayMs: number
}

export interface PoolWorkersOptions {
  size: number
  log: { warn (details: object, message: string): void } | undefined
  takeJob (mayDo: (job: PasswordJob) => boolean): PasswordJob | undefined
  retryJob (job: PasswordJob): void
  onDone (answer: WorkerAnswer, jobMs: number): void
}

export interface PoolWorkers {
  ready (): Promise<void>
  /** Gives waiting jobs to idle workers. */
  pump (): void
  hasIdleFor (job: PasswordJob): boolean
  running (): number
  restarts (): number
  list (): { pid: number | undefined, state: PoolWorkerState }[]
  close (): Promise<void>
}

const canDo = (worker: PoolWorker) => (job: PasswordJob): boolean => job.task.kind !== 'estimate' || worker.mayEstimate

/** Keeps `size` workers alive, gives each one job at a time, and hands back a dead worker's job to be tried once more. */
export const createPoolWorkers = ({ size, log, takeJob, retryJob, onDone }: PoolWorkersOptions): PoolWorkers => {
  const workers: PoolWorker[] = []
  const restartTimers = new Set<NodeJS.Timeout>()
  let markReady = (): void => {}
  let markGone = (): void => {}
  const whenReady = new Promise<void>(resolve => { markReady = resolve })
  const whenGone = new Promise<void>(resolve => { markGone = resolve })
  let restarts = 0
  let isClosing = false

  const start = (index: number, restartDelayMs: number): void => {
    const worker: PoolWorker = {
      child: startChild({
        onMessage: message => message.kind === 'ready' ? becomeReady(worker) : finish(worker, message),
        onGone: reason => replace(worker, index, reason)
      }),
      state: 'starting',
      mayEstimate: index < Math.ceil(size / WORKERS_PER_ESTIMATOR),
      job: null,
      jobStartedMs: 0,
      restartDelayMs
    }
    workers[index] = worker
  }

  const becomeReady = (worker: PoolWorker): void => {
    worker.state = 'idle'
    worker.restartDelayMs = 0
    if (workers.every(({ state }) => state === 'idle' || state === 'busy')) markReady()
    pump()
  }

  const finish = (worker: PoolWorker, answer: Exclude<WorkerMessage, { kind: 'ready' }>): void => {
    const { job } = worker
    if (job?.id !== answer.id) return
    worker.job = null
    worker.state = 'idle'
    onDone(answer, performance.now() - worker.jobStartedMs)
    job.resolve(answer)
    if (isClosing) worker.child.disconnect()
    else pump()
  }

  const replace = (worker: PoolWorker, index: number, reason: string): void => {
    const { job } = worker
    worker.state = 'gone'
    worker.job = null
    if (job) giveBack(job)
    if (isClosing) return settleClose()
    restarts++
    log?.warn({ reason, pid: worker.child.pid }, 'a password worker ended and is started again')
    const timer = setTimeout(() => {
      restartTimers.delete(timer)
      start(index, Math.min(LONGEST_RESTART_DELAY_MS, worker.restartDelayMs * 2 || FIRST_RESTART_DELAY_MS))
    }, worker.restartDelayMs)
    restartTimers.add(timer)
    pump()
  }

  const giveBack = (job: PasswordJob): void => {
    job.deaths++
    if (job.deaths < MAX_DEATHS_PER_JOB) retryJob(job)
    else job.reject(new Error('two password workers died over one job'))
  }

  // The workers that cannot estimate come first, so that the one that can stays free for it.
  const pump = (): void => {
    for (const worker of workers.toReversed()) {
      const job = worker.state === 'idle' ? takeJob(canDo(worker)) : undefined
      if (!job) continue
      worker.job = job
      worker.state = 'busy'
      worker.jobStartedMs = performance.now()
      worker.child.send({ id: job.id, ...job.task })
    }
  }

  const settleClose = (): void => {
    if (workers.every(({ state }) => state === 'gone')) markGone()
  }

  for (let index = 0; index < size; index++) start(index, FIRST_RESTART_DELAY_MS)

  return {
    ready: () => whenReady,
    pump,
    hasIdleFor: job => workers.some(worker => worker.state === 'idle' && canDo(worker)(job)),
    running: () => workers.filter(({ state }) => state === 'busy').length,
    restarts: () => restarts,
    list: () => workers.map(({ child, state }) => ({ pid: child.pid, state })),
    close () {
      isClosing = true
      restartTimers.forEach(clearTimeout)
      for (const { state, child } of workers) {
        if (state === 'idle') child.disconnect()
        // One that is still loading may not hear the disconnect yet, and holds nothing worth keeping.
        if (state === 'starting') child.kill()
      }
      settleClose()
      return whenGone
    }
  }
}
