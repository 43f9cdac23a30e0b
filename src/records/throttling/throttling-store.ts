import type { RedisClient } from '../../platform/redis/connect.ts'
import { keys } from '../../platform/redis/keys.ts'
import { defineScript, flag, integer, type RunScript, text } from '../../platform/redis/script.ts'

/** Wrong passwords that cost nothing; from the next one on each doubles the wait, up to a quarter of an hour. */
const FREE_FAILURES = 5
const LONGEST_DELAY_MS = 15 * 60_000
/** Longer than a challenge lives. */
const NONCE_LIFE_SECONDS = 900

const findLogin = defineScript(new URL('./login-find.lua', import.meta.url), {
  keys: ['owner', 'sourceThrottle', 'deviceThrottle'],
  answers: { ok: { accountId: text, sourceWaitMs: integer, deviceWaitMs: integer } }
})

const settleLogin = defineScript(new URL('./login-settle.lua', import.meta.url), {
  keys: ['throttle'],
  args: { isRight: flag, freeFailures: integer, longestDelayMs: integer, isWaived: flag },
  answers: { right: {}, wrong: {}, wait: { waitMs: integer } }
})

const addPressure = defineScript(new URL('./pressure-add.lua', import.meta.url), { keys: ['pressure'], answers: { ok: {} } })

const takeBackPressure = defineScript(new URL('./pressure-take-back.lua', import.meta.url), { keys: ['pressure'], answers: { ok: {} } })

const takeNonce = defineScript(new URL('./nonce-take.lua', import.meta.url), {
  keys: ['nonce'],
  args: { seconds: integer },
  answers: { ok: {}, taken: {} }
})

/** Who holds an address, and how long a login must wait. */
export interface LoginThrottle {
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
  find: (addressTag: string, source: string, device: string) => Promise<LoginThrottle>
  /**
   * Books one outcome in one step. The milliseconds to wait when the pair is held back by now, whatever the outcome; else 0.
   * `isWaived`: a proof of work stands in for the wait.
   */
  settle: (login: { addressTag: string, source: string, isRight: boolean, isWaived: boolean }) => Promise<number>
}

/** `isOwner`: counted apart, so that no stranger can tell by when a proof of work is asked that the owner was there. */
export interface Hammered { addressTag: string, source: string, isOwner: boolean }

/** How hard an address and a source are being hammered: failures and mails of the last hour, whether or not there is an account. */
export interface PressureStore {
  find: (hammered: Hammered) => Promise<{ onAddress: number, onSource: number }>
  add: (hammered: Hammered) => Promise<void>
  /** What led to a success does not count. */
  takeBack: (hammered: Hammered) => Promise<void>
  /** Takes the nonce of a solved challenge: true the first time only. */
  takeNonce: (nonce: string) => Promise<boolean>
}

export function createThrottleStore (run: RunScript): ThrottleStore {
  return {
    find: async (addressTag, source, device) => {
      const key = keys.address(addressTag)
      const { accountId, sourceWaitMs, deviceWaitMs } = await run(findLogin,
        { owner: key.owner, sourceThrottle: key.throttle(source), deviceThrottle: key.throttle(device) }, {})
      return { accountId, sourceWaitMs, deviceWaitMs }
    },
    settle: async ({ addressTag, source, isRight, isWaived }) => {
      const answer = await run(settleLogin, { throttle: keys.address(addressTag).throttle(source) },
        { isRight, freeFailures: FREE_FAILURES, longestDelayMs: LONGEST_DELAY_MS, isWaived })
      return answer.outcome === 'wait' ? answer.waitMs : 0
    }
  }
}

export function createPressureStore (redis: RedisClient, run: RunScript): PressureStore {
  const both = ({ addressTag, source, isOwner }: Hammered): [string, string] => {
    const { pressure, ownPressure } = keys.address(addressTag)
    return [isOwner ? ownPressure : pressure, keys.source(source).pressure]
  }
  return {
    find: async (hammered) => {
      const [onAddress = 0, onSource = 0] = await Promise.all(both(hammered).map(async (key) => Number(await redis.get(key) ?? 0)))
      return { onAddress, onSource }
    },
    add: async (hammered) => {
      await Promise.all(both(hammered).map(async (pressure) => await run(addPressure, { pressure }, {})))
    },
    takeBack: async (hammered) => {
      await Promise.all(both(hammered).map(async (pressure) => await run(takeBackPressure, { pressure }, {})))
    },
    takeNonce: async (nonce) => {
      const { outcome } = await run(takeNonce, { nonce: keys.nonce(nonce) }, { seconds: NONCE_LIFE_SECONDS })
      return outcome === 'ok'
    }
  }
}
