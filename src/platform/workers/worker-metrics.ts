import type { Worker } from 'node:cluster'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Metrics } from '../metrics/metrics.ts'
import { countsOf, type MetricsSnapshot, total, totalText } from '../metrics/aggregate.ts'

/** More than a worker takes whose Redis says nothing. */
const WAIT_MS = 3_000

export interface WorkerMetrics {
  joined: (worker: Worker) => void
  /** To be told when nothing more can come from it. */
  left: (worker: Worker) => void
  told: (worker: Worker, question: number, metrics: MetricsSnapshot) => void
  /** Those of all workers and of this process, as Prometheus reads them, within about three seconds. */
  read: () => Promise<string>
}

/**
 * Asks the worker processes what they have counted and adds it up. A sum never falls, which Prometheus would take for a
 * new beginning: what a worker had counted stays when it ends, and one that says nothing counts as it last did.
 */
export function createWorkerMetrics (
  own: Pick<Metrics, 'snapshot' | 'silent'>, ask: (worker: Worker, question: number) => void
): WorkerMetrics {
  const last = new Map<Worker, MetricsSnapshot>()
  const questions = new Map<number, (answered: Worker) => void>()
  let ofGone: MetricsSnapshot = []
  let lastQuestion = 0

  async function askAll (): Promise<Set<Worker>> {
    const silent = new Set(last.keys())
    if (silent.size === 0) return silent
    const question = ++lastQuestion
    const enough = new AbortController()
    questions.set(question, (worker) => {
      silent.delete(worker)
      if (silent.size === 0) enough.abort()
    })
    for (const worker of silent) ask(worker, question)
    await sleep(WAIT_MS, undefined, { signal: enough.signal }).catch(() => {})
    questions.delete(question)
    return silent
  }

  return {
    joined: (worker) => { last.set(worker, []) },
    told: (worker, question, metrics) => {
      if (last.has(worker)) last.set(worker, metrics)
      questions.get(question)?.(worker)
    },
    left: (worker) => {
      ofGone = total([ofGone, countsOf(last.get(worker) ?? [])])
      last.delete(worker)
      for (const answer of questions.values()) answer(worker)
    },
    read: async () => {
      const silent = await askAll()
      own.silent(silent.size)
      const ofWorkers = [...last].map(([worker, metrics]) => silent.has(worker) ? countsOf(metrics) : metrics)
      return await totalText([await own.snapshot(), ofGone, ...ofWorkers])
    }
  }
}
