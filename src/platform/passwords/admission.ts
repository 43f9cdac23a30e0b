import type { PasswordPool } from './pool.ts'

/** Requests that get their turn in one turn of the event loop. */
const TURNS_AT_ONCE = 4
// One connection may send requests faster than they get turns. Answers at once make it wait, as its socket fills.
const MOST_ARRIVED = 1_000

export interface PasswordAdmission {
  /** Calls back when it is this request's turn, with a PasswordPoolBusyError while all places are taken. */
  arrive (done: (error?: Error) => void): void
  /** Does a request's work in a place of its own. @throws PasswordPoolBusyError when all are taken */
  hold<T> (work: () => Promise<T>): Promise<T>
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
    arrive (done) {
      if (arrived.length >= MOST_ARRIVED) admit(done)
      else if (arrived.push(done) === 1) setImmediate(giveTurns)
    },
    async hold (work) {
      // Those who had their turn at the same time may all have seen the last place.
      if (taken >= capacity) throw refusal()
      taken++
      try {
        return await work()
      } finally {
        taken--
      }
    }
  }
}
