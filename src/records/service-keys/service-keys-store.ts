import { timingSafeEqual } from 'node:crypto'
import { Type } from '@sinclair/typebox'
import { now } from '../../platform/clock.ts'
import { hashToken } from '../../platform/ids.ts'
import { readJson } from '../../platform/json.ts'
import type { RedisClient } from '../../platform/redis/connect.ts'
import { keys } from '../../platform/redis/keys.ts'
import { defineScript, integer, type RunScript, text } from '../../platform/redis/script.ts'
import { isScope, newServiceCredentials, type Scope, type ServiceCredentials, type ServiceKey } from './service-key.ts'

const addKey = defineScript(new URL('./service-key-add.lua', import.meta.url), {
  keys: ['serviceKeys'],
  args: { id: text, record: text },
  answers: { ok: {} }
})

const removeKey = defineScript(new URL('./service-key-remove.lua', import.meta.url), {
  keys: ['serviceKeys', 'lastUses'],
  args: { id: text },
  answers: { ok: {}, unknown: {} }
})

const noteUse = defineScript(new URL('./service-key-use.lua', import.meta.url), {
  keys: ['serviceKeys', 'lastUses'],
  args: { id: text, atMs: integer },
  answers: { ok: {}, unknown: {} }
})

const Kept = Type.Object({ name: Type.String(), scopes: Type.Array(Type.String()), createdAt: Type.Integer(), secretHash: Type.String() })

export interface ListedServiceKey extends ServiceKey {
  /** Milliseconds since the epoch, to about a minute; null when it was never used. */
  lastUsedAt: number | null
}

export interface ServiceKeysStore {
  /** Answers what opens the new key. Nobody can read the secret again. */
  add: (name: string, scopes: Scope[]) => Promise<ServiceCredentials>
  /** Null when there is no such key, or the secret is another one. */
  find: (credentials: ServiceCredentials) => Promise<ServiceKey | null>
  /** The oldest first. */
  list: () => Promise<ListedServiceKey[]>
  noteUse: (id: string) => Promise<void>
  /** False when there was none. */
  remove: (id: string) => Promise<boolean>
}

/** All keys in one hash: there are few, each is read by its id, and a list of them needs no index to be kept true. */
export function createServiceKeysStore (redis: RedisClient, run: RunScript): ServiceKeysStore {
  const { serviceKeys, serviceKeyUses: lastUses } = keys

  return {
    add: async (name, scopes) => {
      const credentials = newServiceCredentials()
      const record = JSON.stringify({ name, scopes, createdAt: now(), secretHash: hashToken(credentials.secret) })
      await run(addKey, { serviceKeys }, { id: credentials.id, record })
      return credentials
    },

    find: async ({ id, secret }) => {
      const record = await redis.hget(serviceKeys, id)
      if (record === null) return null
      const { secretHash, ...key } = readKey(id, record)
      return timingSafeEqual(Buffer.from(hashToken(secret)), Buffer.from(secretHash)) ? key : null
    },

    list: async () => await listServiceKeys(redis),

    noteUse: async (id) => { await run(noteUse, { serviceKeys, lastUses }, { id, atMs: now() }) },

    remove: async (id) => (await run(removeKey, { serviceKeys, lastUses }, { id })).outcome === 'ok'
  }
}

/** What `list` answers, for who only reads. */
export async function listServiceKeys (redis: RedisClient): Promise<ListedServiceKey[]> {
  const [records, uses] = await Promise.all([redis.hgetall(keys.serviceKeys), redis.hgetall(keys.serviceKeyUses)])
  return Object.entries(records).map(([id, record]) => {
    const { secretHash: _unseen, ...key } = readKey(id, record)
    const usedAt = uses[id]
    return { ...key, lastUsedAt: usedAt === undefined ? null : Number(usedAt) }
  }).sort((one, other) => one.createdAt - other.createdAt)
}

function readKey (id: string, record: string): ServiceKey & { secretHash: string } {
  const { scopes, ...kept } = readJson(Kept, record)
  // A scope that an older or newer version knows opens nothing here.
  return { ...kept, id, scopes: scopes.filter(isScope) }
}
