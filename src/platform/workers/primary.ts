import cluster, { type Worker } from 'node:cluster'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Metrics } from '../metrics/metrics.ts'
import type { PasswordPool } from '../passwords/pool.ts'
import { createWorkerMetrics } from './worker-metrics.ts'
import type { FromWorker, Setup, ToWorker } from './messages.ts'
import { servePool } from './shared-pool.ts'

const RESTART_PAUSE_MS = 500

export interface Workers {
  /** Replaces one after the other: the next goes only when its successor takes connections. */
  restart: () => Promise<void>
  /** Lets every worker end its requests, and resolves when all are gone. */
  close: () => Promise<void>
}

/**
 * Runs `count` worker processes on one port; one that dies is replaced. Resolves when all of them take connections.
 * @throws Error when one ends before it does
 */
export async function startWorkers ({ count, setup, pool, metrics, onDied }: {
  count: number, setup: Setup, pool: PasswordPool, metrics: Metrics, onDied: (pid: number | undefined) => void
}): Promise<Workers> {
  let isClosing = false
  let restarting: Promise<void> | undefined
  const serving = new Set<Worker>()
  const tell = (worker: Worker, message: ToWorker): void => { if (worker.isConnected()) worker.send(message, () => {}) }
  const workerMetrics = createWorkerMetrics(metrics, (worker, id) => { tell(worker, { kind: 'metrics', id }) })
  cluster.setupPrimary({ serialization: 'advanced' })

  async function start (): Promise<void> {
    const worker = cluster.fork()
    worker.on('message', (message: FromWorker) => { receive(worker, message) })
    // Not 'exit', which may come before its last words.
    worker.once('disconnect', () => { workerMetrics.left(worker) })
    const ended = once(worker, 'exit').then(() => { throw new Error('a worker process ended before it took connections') })
    await Promise.race([once(worker, 'listening'), ended])
    ended.catch(() => { if (serving.delete(worker)) replace(worker) })
    serving.add(worker)
    workerMetrics.joined(worker)
  }

  function receive (worker: Worker, message: FromWorker): void {
    const answer = (message: ToWorker): void => { tell(worker, message) }
    if (message.kind === 'hello') answer({ kind: 'setup', setup })
    else if (message.kind === 'password') servePool(pool, message).then(answer, () => {})
    else if (message.kind === 'metrics') workerMetrics.told(worker, message.id, message.metrics)
    else workerMetrics.read().then((text) => { answer({ kind: 'all-metrics', id: message.id, text }) }, () => {})
  }

  function replace (dead: Worker): void {
    if (isClosing) return
    onDied(dead.process.pid)
    // One that cannot start is tried again, and again, and not in a circle without a breath.
    sleep(RESTART_PAUSE_MS).then(async () => { if (!isClosing) await start() }).catch(() => { replace(dead) })
  }

  async function restartAll (): Promise<void> {
    for (const old of [...serving]) {
      if (isClosing) return
      await start()
      serving.delete(old)
      const gone = once(old, 'exit')
      tell(old, { kind: 'drain' })
      await gone
    }
  }

  const close = async (): Promise<void> => {
    isClosing = true
    const all = Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined)
    await Promise.all(all.map(async (worker) => {
      const gone = once(worker, 'exit')
      worker.process.kill('SIGTERM')
      await gone
    }))
  }

  try {
    await Promise.all(Array.from({ length: count }, start))
  } catch (error) {
    await close()
    throw error
  }
  return {
    restart: async () => {
      restarting = (restarting ?? Promise.resolve()).then(restartAll)
      await restarting
    },
    close
  }
}
