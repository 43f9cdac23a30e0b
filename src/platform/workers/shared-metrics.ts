import { Problem } from '../../errors.ts'
import type { Figures } from '../metrics/aggregate.ts'
import type { FromWorker, ToWorker } from './messages.ts'

/** More than the primary waits for workers that say nothing. */
const WAIT_MS = 6_000

/** The figures of all processes, as one of them sees them. */
export interface SharedFigures {
  /** What this process has counted is asked for here. */
  offer: (read: () => Promise<Figures>) => void
  /**
   * As Prometheus reads them.
   * @throws Problem SERVICE_UNAVAILABLE when the primary says nothing
   */
  read: () => Promise<string>
}

export function createRemoteFigures (send: (message: FromWorker, sent?: () => void) => void): SharedFigures & {
  receive: (message: ToWorker) => void
  /** To be awaited before this process ends, so that what it has counted is not lost. */
  leave: () => Promise<void>
} {
  const waiting = new Map<number, (text: string) => void>()
  let own = async (): Promise<Figures> => []
  let lastId = 0
  const tell = async (question: number, sent?: () => void): Promise<void> => { send({ kind: 'figures', id: question, figures: await own() }, sent) }

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
      send({ kind: 'all-figures', id })
    }),
    receive: (message) => {
      if (message.kind === 'figures') tell(message.id).catch(() => {})
      if (message.kind === 'all-figures') waiting.get(message.id)?.(message.text)
    },
    leave: async () => { await new Promise<void>((resolve, reject) => { tell(0, resolve).catch(reject) }) }
  }
}
