import type { RedisClient } from '../../platform/redis/connect.ts'
import { keys } from '../../platform/redis/keys.ts'
import type { RunScript } from '../../platform/redis/scripts.ts'

/** How hard an address and a source are being hammered: failures and mails of the last hour, whether or not there is an account. */
export interface PressureStore {
  /** The larger of both counts. */
  look: (addressTag: string, source: string) => Promise<number>
  add: (addressTag: string, source: string) => Promise<void>
  /** Takes the nonce of a solved challenge: true the first time only. */
  takeNonce: (nonce: string) => Promise<boolean>
}

/** Longer than a challenge lives. */
const NONCE_LIFE_SECONDS = 900

export function createPressureStore (redis: RedisClient, run: RunScript): PressureStore {
  const both = (addressTag: string, source: string): string[] => [keys.address(addressTag).pressure, keys.source(source).pressure]
  return {
    look: async (addressTag, source) => {
      const counts = await Promise.all(both(addressTag, source).map(async (key) => Number(await redis.get(key) ?? 0)))
      return Math.max(...counts)
    },
    add: async (addressTag, source) => {
      await Promise.all(both(addressTag, source).map(async (key) => await run('pressure-add', [key], [])))
    },
    takeNonce: async (nonce) => {
      const [word] = await run<['ok'] | ['taken']>('nonce-take', [keys.captcha(nonce)], [NONCE_LIFE_SECONDS])
      return word === 'ok'
    }
  }
}
