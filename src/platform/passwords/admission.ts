import type { PasswordPool } from './pool.ts'

/** Requests that get their turn in one turn of the event loop. */
const TURNS_AT_ONCE = 4
// One connection may send requests faster than they get turns. Answers at once make it wait, as its socket fills.
const MOST_ARRIVED = 1_000

export interface PasswordAdmission {
  /** A hook: calls back when it is this request's turn, with a PasswordPoolBusyError while all places are taken. */
  arrive (request: unknown, reply: unknown, done: (error?: Error) => void): void
  /** The same handler, in a place of its own. It throws a PasswordPoolBusyError when all are taken. */
  inPlace<This, Args extends unknown[]> (handler: (this: This, ...args: Args) => unknown): (this: This, ...args: Args) => Promise<unknown>
}

/**
 * One place for each job that the pool can take, so that a request for which there is none is refused before it costs anything.
 * Requests get their turn a few at a time: however many come at once (to a thousand), whatever else arrives waits for a few of them.
 */
export function createAdmission ({ capacity, refusal }: Pick<PasswordPool, 'capacity' | 'refusal'>): PasswordAdmission {
  const arrived: Array<(error?: Error) => void> = []
  let taken = 0

  const admit = (done: (error?: Error) => void): void => { done(taken < capacity ? undefined : refusal()) }
  const giveTurns = (): void => {
    arrived.splice(0, TURNS_AT_ONCE).forEach(admit)
    if (arrived.length > 0) setImmediate(giveTurns)
  }

  return {
    arrive (_request, _reply, done) {
      if (arrived.length >= MOST_ARRIVED) admit(done)
      else if (arrived.push(done) === 1) setImmediate(giveTurns)
    },
    inPlace (handler) {
      return async function (...args) {
        // Those who had their turn at the same time may all have seen the last place.
        if (taken >= capacity) throw refusal()
        taken++
        try {
          return await handler.apply(this, args)
        } finally {
          taken--
        }
      }
    }
  }
}
