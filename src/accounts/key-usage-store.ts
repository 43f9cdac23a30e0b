import type { Keyring } from '../keyring.ts'
import type { RedisClient } from '../redis/connect.ts'
import { keys } from '../redis/keys.ts'
import { scanKeys } from '../redis/scan.ts'

const KEY_ID_LENGTH = 4

/** What still needs the keys of one SECRET. Refresh tokens and trusted browsers are not counted: their key lies with their owner. */
export interface KeyUsage {
  keyId: string
  /** unknown: neither SECRET nor SECRET_PREVIOUS makes it; those passwords and authenticators are dead. */
  state: 'current' | 'previous' | 'unknown'
  passwords: number
  authenticators: number
}

/** The keys in use, the known ones first. Reads every account: for a command, not for a request. */
export async function countKeyUsage (redis: RedisClient, { all, current }: Keyring): Promise<KeyUsage[]> {
  const usage = new Map<string, KeyUsage>(all.map(({ id }) => [id, { keyId: id, state: id === current.id ? 'current' : 'previous', passwords: 0, authenticators: 0 }]))

  async function count (pattern: string, field: string, what: 'passwords' | 'authenticators'): Promise<void> {
    for await (const found of scanKeys(redis, pattern)) {
      for (const value of await Promise.all(found.map(async (key) => await redis.hget(key, field)))) {
        if (!value) continue
        const keyId = value.slice(0, KEY_ID_LENGTH)
        const entry = usage.get(keyId) ?? { keyId, state: 'unknown', passwords: 0, authenticators: 0 }
        usage.set(keyId, entry)
        entry[what]++
      }
    }
  }
  await count(keys.account('*').record, 'passwordHash', 'passwords')
  await count(keys.account('*').totp, 'secret', 'authenticators')
  return [...usage.values()]
}
