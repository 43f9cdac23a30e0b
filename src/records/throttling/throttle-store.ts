import { keys } from '../../platform/redis/keys.ts'
import type { RunScript } from '../../platform/redis/scripts.ts'

/** Wrong passwords that cost nothing; from the next one on each doubles the wait, up to a quarter of an hour. */
const FREE_FAILURES = 5
const LONGEST_DELAY_MS = 15 * 60_000

export interface Look {
  /** Empty when nobody holds the address. */
  accountId: string
  sourceWaitMs: number
  deviceWaitMs: number
}

/**
 * Wrong passwords slow down the pair of address and source, so a stranger's failures never slow its owner. A device that the
 * account knows counts as a source of its own.
 */
export interface ThrottleStore {
  look: (addressTag: string, source: string, device: string) => Promise<Look>
  /** Books one outcome in one step. The milliseconds to wait when the pair is held back by now, whatever the outcome; else 0. `isWaived`: a proof of work stands in for the wait. */
  settle: (addressTag: string, source: string, isRight: boolean, isWaived: boolean) => Promise<number>
}

export function createThrottleStore (run: RunScript): ThrottleStore {
  return {
    look: async (addressTag, source, device) => {
      const key = keys.address(addressTag)
      const [accountId, sourceWaitMs, deviceWaitMs] = await run<[string, number, number]>(
        'login-look', [key.owner, key.throttle(source), key.throttle(device)], [])
      return { accountId, sourceWaitMs, deviceWaitMs }
    },
    settle: async (addressTag, source, isRight, isWaived) => {
      const answer = await run<['right'] | ['wrong'] | ['wait', number]>(
        'login-settle', [keys.address(addressTag).throttle(source)], [isRight ? 'right' : 'wrong', FREE_FAILURES, LONGEST_DELAY_MS, isWaived ? 1 : 0])
      return answer[0] === 'wait' ? answer[1] : 0
    }
  }
}
