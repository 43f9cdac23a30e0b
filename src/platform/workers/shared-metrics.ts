import { Problem } from '../../errors.ts'
import type { MetricsSnapshot } from '../metrics/aggregate.ts'
import type { FromWorker, ToWorker } from './messages.ts'

/** More than the primary waits for workers that say nothing. */
const WAIT_MS = 6_000

/** The metrics of all processes, as one of them sees them. */
export interface SharedMetrics {
  /** What this process has counted is asked for here. */
  offer: (read: () => Promise<MetricsSnapshot>) => void
  /**
   * As Prometheus reads them.
   * @throws Problem SERVICE_UNAVAILABLE when the primary says nothing
   */
  read: () => Promise<string>
}

export function createSharedMetrics (send: (message: FromWorker, sent?: () => void) => void): SharedMetrics & {
  receive: (message: ToWorker) => void
  /** To be awaited before this process ends, so that what it has counted is not lost. */
  leave: () => Promise<void>
} {
  const waiting = new Map<number, (text: string) => void>()
  let own = async (): Promise<MetricsSnapshot> => []
  let lastId = 0
  const tell = async (question: number, sent?: () => void): Promise<void> => {
    send({ kind: 'metrics', id: question, metrics: await own() }, sent)
  }

  return {
    offer: (read) => { own = read },
    read: async () => await new Promise((resolve, reject) => {
      const id = ++lastId
      const timer = setTimeout(() => {
        waiting.delete(id)
        reject(new Problem('SERVICE_UNAVAILABLE', { retryAfterSeconds: 1 }))
      }, WAIT_MS)
      waiting.set(id, (text) => {
        waiting.delete(id)
        clearTimeout(timer)
        resolve(text)
      })
      send({ kind: 'all-metrics', id })
    }),
    receive: (message) => {
      if (message.kind === 'metrics') tell(message.id).catch(() => {})
      if (message.kind === 'all-metrics') waiting.get(message.id)?.(message.text)
    },
    leave: async () => { await new Promise<void>((resolve, reject) => { tell(0, resolve).catch(reject) }) }
  }
}
