import { setTimeout as sleep } from 'node:timers/promises'
import { isRedisAway } from './errors.ts'

const TRIES = 20
const WAIT_MS = 500

/** For commands that take hours: a Redis that is away for a moment ends none of them. Only for what may be done twice. */
export async function patiently<Result> (work: () => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries++) {
    try {
      return await work()
    } catch (error) {
      if (!isRedisAway(error) || tries === TRIES) throw error
      await sleep(WAIT_MS)
    }
  }
}
