import { PasswordPoolBusyError, type PasswordPool } from '../passwords/pool.ts'
import type { WorkerTask } from '../passwords/pool-messages.ts'
import type { FromWorker, ToWorker } from './messages.ts'

export type SharedPool = Pick<PasswordPool, 'hash' | 'verify' | 'verifyForeign' | 'estimate' | 'metrics' | 'capacity' | 'refusal' | 'close'>

interface Waiting { sentMs: number, resolve: (value: string | boolean | number) => void, reject: (error: Error) => void }

/**
 * The primary's password pool as a worker process sees it, so that all workers together keep one queue and no more children than cores.
 * `capacity` is this process's share of it.
 */
export function createSharedPool (
  send: (message: FromWorker) => void, capacity: number
): SharedPool & { receive: (message: ToWorker) => void } {
  const waiting = new Map<number, Waiting>()
  const counts = { done: 0, refused: 0 }
  let lastId = 0
  // Until the first answer: who is refused before that finds many others waiting.
  let lastTookMs = 2_000

  const ask = async (task: WorkerTask): Promise<string | boolean | number> => await new Promise((resolve, reject) => {
    waiting.set(++lastId, { sentMs: performance.now(), resolve, reject })
    send({ kind: 'password', id: lastId, task })
  })

  return {
    hash: async (input) => String(await ask({ kind: 'hash', input, cost: 0 })),
    verify: async (input, hash) => await ask({ kind: 'verify', input, hash, cost: 0 }) === true,
    verifyForeign: async (password, hash) => await ask({ kind: 'verify-foreign', password, hash, cost: 0 }) === true,
    estimate: async (password, words) => Number(await ask({ kind: 'estimate', password, words })),
    metrics: () => ({ waiting: waiting.size, running: 0, restarts: 0, rounds: 0, ...counts }),
    capacity,
    refusal () {
      counts.refused++
      return new PasswordPoolBusyError(Math.max(1, Math.ceil(lastTookMs / 1000)))
    },
    close: async () => {},
    receive: (message) => {
      if (message.kind !== 'password' && message.kind !== 'password-busy' && message.kind !== 'password-failed') return
      const one = waiting.get(message.id)
      waiting.delete(message.id)
      if (message.kind === 'password') {
        counts.done++
        if (one) lastTookMs = performance.now() - one.sentMs
        one?.resolve(message.value)
      } else if (message.kind === 'password-busy') {
        counts.refused++
        one?.reject(new PasswordPoolBusyError(message.retryAfterSeconds))
      } else one?.reject(new Error(message.reason))
    }
  }
}

/** Does a worker's password work in the primary's pool, at the pool's own cost, and answers. */
export async function servePool (pool: PasswordPool, { id, task }: Extract<FromWorker, { kind: 'password' }>): Promise<ToWorker> {
  try {
    return { kind: 'password', id, value: await perform(pool, task) }
  } catch (error) {
    if (error instanceof PasswordPoolBusyError) return { kind: 'password-busy', id, retryAfterSeconds: error.retryAfterSeconds }
    return { kind: 'password-failed', id, reason: error instanceof Error ? error.message : 'unknown' }
  }
}

async function perform (pool: PasswordPool, task: WorkerTask): Promise<string | boolean | number> {
  if (task.kind === 'hash') return await pool.hash(task.input)
  if (task.kind === 'verify') return await pool.verify(task.input, task.hash)
  if (task.kind === 'verify-foreign') return await pool.verifyForeign(task.password, task.hash)
  return await pool.estimate(task.password, task.words)
}
