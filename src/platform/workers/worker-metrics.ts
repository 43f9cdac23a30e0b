import type { Worker } from 'node:cluster'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Meters } from '../metrics/metrics.ts'
import { countsOf, type Figures, total, totalText } from '../metrics/aggregate.ts'

/** More than a worker takes whose Redis says nothing. */
const WAIT_MS = 3_000

export interface WorkerFigures {
  joined: (worker: Worker) => void
  /** To be told when nothing more can come from it. */
  left: (worker: Worker) => void
  told: (worker: Worker, question: number, figures: Figures) => void
  /** Those of all workers and of this process, as Prometheus reads them, within about three seconds. */
  read: () => Promise<string>
}

/**
 * Asks the worker processes what they have counted and adds it up. A sum never falls, which Prometheus would take for a
 * new beginning: what a worker had counted stays when it ends, and one that says nothing counts as it last did.
 */
export function createFigures (own: Pick<Meters, 'figures' | 'silent'>, ask: (worker: Worker, question: number) => void): WorkerFigures {
  const last = new Map<Worker, Figures>()
  const questions = new Map<number, (answered: Worker) => void>()
  let ofGone: Figures = []
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
    told: (worker, question, figures) => {
      if (last.has(worker)) last.set(worker, figures)
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
      const ofWorkers = [...last].map(([worker, figures]) => silent.has(worker) ? countsOf(figures) : figures)
      return await totalText([await own.figures(), ofGone, ...ofWorkers])
    }
  }
}
