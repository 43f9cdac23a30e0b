import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { now } from '../clock.ts'
import type { Keyring, SecretKeys } from '../keyring.ts'
import type { RedisClient } from '../redis/connect.ts'
import { keys } from '../redis/keys.ts'

/** Longer than anybody keeps a page open. */
const LIFE_SECONDS = 30 * 86_400
export const BROTLI = '.br'
const TAG_BYTES = 32

/** A file of some build, as it was published. */
export interface SharedAsset { body: Buffer, isBrotli: boolean }

export interface SharedAssets {
  /** Puts the files of this server's build where the others find them. To be done before it serves, and again within 30 days. */
  publish: () => Promise<void>
  /** A file of any build that was published, null when there is none. */
  find: (name: string) => Promise<SharedAsset | null>
}

/**
 * While a new version rolls out, a page of one build asks a server of another one for its scripts. So every server publishes its build in
 * Redis, and answers from there for what it does not have. Files carry a MAC: who can write to Redis alone puts no script into a page.
 */
export function createSharedAssets (
  redis: RedisClient, keyring: Keyring, folder: string, texts: () => Map<string, Buffer>
): SharedAssets {
  return {
    publish: async () => {
      const names = readdirSync(folder).filter((name) => !name.endsWith('.gz'))
      // What is there compressed need not be there twice.
      const kept = names.filter((name) => !names.includes(name + BROTLI))
      const ownTexts = texts()
      const build = createHash('sha256').update([...kept, ...ownTexts.keys()].join('\n')).digest('base64url').slice(0, 16)
      const files = [...kept.map((name) => [name, readFileSync(join(folder, name))] as const), ...ownTexts]
      const fields = files.flatMap(([name, body]) => [name, Buffer.concat([tagOf(keyring.current, name, body), body])])
      await redis.hset(keys.assets(build), ...fields)
      await redis.expire(keys.assets(build), LIFE_SECONDS)
      await redis.zadd(keys.builds, now(), build)
      await redis.zremrangebyscore(keys.builds, 0, now() - LIFE_SECONDS * 1000)
      await redis.expire(keys.builds, LIFE_SECONDS)
    },
    find: async (name) => {
      // The newest first.
      for (const build of await redis.zrevrange(keys.builds, 0, -1)) {
        for (const isBrotli of [true, false]) {
          const field = isBrotli ? name + BROTLI : name
          const sealed = await redis.hgetBuffer(keys.assets(build), field)
          const body = sealed && open(keyring, field, sealed)
          if (body) return { body, isBrotli }
        }
      }
      return null
    }
  }
}

function open (keyring: Keyring, name: string, sealed: Buffer): Buffer | null {
  const [tag, body] = [sealed.subarray(0, TAG_BYTES), sealed.subarray(TAG_BYTES)]
  const isOurs = tag.length === TAG_BYTES && keyring.all.some((keys) => timingSafeEqual(tagOf(keys, name, body), tag))
  return isOurs ? body : null
}

const tagOf = (keys: SecretKeys, name: string, body: Buffer): Buffer =>
  createHmac('sha256', keys.asset).update(`${name}\n`).update(body).digest()
