import { now } from '../clock.ts'

const AGAIN_MS = 60_000
/** Who is there for less was not really there: a connection that opens and breaks tells no more than one that does not open. */
const SHORT_MS = 10_000

interface Log { warn: (facts: object, message: string) => void, info: (facts: object, message: string) => void }

export interface AwayLog {
  /** Tells a reason when it is a new one, or a minute has gone by. */
  away: (reason: string) => void
  ready: () => void
}

/** Says that Redis is away, and why, without repeating itself at every try to connect. */
export function createAwayLog (log: Log): AwayLog {
  const told = new Map<string, number>()
  let readyAtMs = -SHORT_MS
  let isAway = true
  return {
    away: (reason) => {
      if (!isAway && now() - readyAtMs > SHORT_MS) told.clear()
      isAway = true
      if (now() - (told.get(reason) ?? -AGAIN_MS) < AGAIN_MS) return
      told.set(reason, now())
      log.warn({ event: 'redis.away', reason }, `Redis is away: ${reason}`)
    },
    ready: () => {
      isAway = false
      readyAtMs = now()
      log.info({ event: 'redis.ready' }, 'Redis is there')
    }
  }
}
