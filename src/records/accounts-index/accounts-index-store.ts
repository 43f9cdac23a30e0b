import type { RedisClient } from '../../platform/redis/connect.ts'
import { accountIdOf, keys } from '../../platform/redis/keys.ts'
import { scanAll } from '../../platform/redis/scan.ts'
import { defineScript, flag, integer, list, listOf, optional, type RunScript, text, tuple } from '../../platform/redis/script.ts'
import { invalidField } from '../../errors.ts'
import type { User } from '../accounts/account.ts'
import { findUser } from '../accounts/accounts-store.ts'
import { itemsOf } from './index-items.ts'

const put = defineScript(new URL('./accounts-index-put.lua', import.meta.url), {
  keys: ['index'],
  args: { id: text, createdAt: integer },
  rest: { items: list },
  answers: { ok: {} }
})

const drop = defineScript(new URL('./accounts-index-drop.lua', import.meta.url), {
  keys: ['index'],
  rest: { hexKeys: list },
  answers: { ok: {} }
})

const find = defineScript(new URL('./accounts-index-find.lua', import.meta.url), {
  keys: ['index'],
  args: { list: optional(text), word: optional(text), after: optional(text), most: integer },
  answers: { ok: { found: listOf(tuple({ id: text, hexKey: text, isRepeated: flag })) } }
})

const count = defineScript(new URL('./accounts-index-count.lua', import.meta.url), {
  keys: ['index'],
  args: { list: optional(text), word: optional(text) },
  answers: { ok: { count: integer }, many: { count: integer } }
})

/** By what accounts are found: a list of them, the newest first, or the beginning of a word, in the order of words. */
export type IndexQuery = { list: string, word?: undefined } | { word: string, list?: undefined }

export interface IndexEntry {
  id: string
  /** Where to go on from. */
  hexKey: string
  /** Another word of this account that begins alike came before. */
  isRepeated: boolean
}

/**
 * Which accounts there are, by age and by the words of address and name: a projection, which may lag behind or miss what a crash cut off.
 * Whoever reads it compares with the accounts.
 */
export interface AccountsIndexStore {
  /** Writes what has become of an account; null for one that was not there, or is not any more. Safe to repeat. */
  put: (before: User | null, after: User | null) => Promise<void>
  /** @throws Problem VALIDATION_FAILED for a cursor that is none of ours */
  find: (query: IndexQuery, after: string | undefined, most: number) => Promise<IndexEntry[]>
  /** Not exact when some ten thousand have a word with this beginning: to count them would hold up Redis. */
  count: (query: IndexQuery) => Promise<{ count: number, isExact: boolean }>
  /** Removes what was found to be true no longer. */
  drop: (hexKeys: string[]) => Promise<void>
  /** Whether every account is in it. */
  isComplete: () => Promise<boolean>
  setComplete: (isComplete: boolean) => Promise<void>
  /** Forgets everything and takes up all accounts anew; changes meanwhile are kept. Tells how many so far. */
  rebuild: () => AsyncGenerator<number>
}

export function createAccountsIndexStore (redis: RedisClient, run: RunScript): AccountsIndexStore {
  const index = keys.accountsIndex

  const complete = keys.accountsIndexComplete
  const setComplete = async (isComplete: boolean): Promise<void> => {
    if (isComplete) await redis.set(complete, '1')
    else await redis.del(complete)
  }

  const putOne: AccountsIndexStore['put'] = async (before, after) => {
    const [old, current] = [new Set(before ? itemsOf(before) : []), new Set(after ? itemsOf(after) : [])]
    const items = [
      ...[...old].filter((item) => !current.has(item)).map((item) => `-${item}`),
      ...[...current].map((item) => `+${item}`)
    ]
    const user = after ?? before
    if (user) await run(put, { index }, { id: user.id, createdAt: Date.parse(user.createdAt), items })
  }

  return {
    put: putOne,

    find: async ({ list, word }, after, most) => {
      if (after !== undefined && !/^(?:[0-9a-f]{2})+$/.test(after)) throw invalidField('/cursor')
      return (await run(find, { index }, { list, word, after, most })).found
    },

    count: async ({ list, word }) => {
      const answer = await run(count, { index }, { list, word })
      return { count: answer.count, isExact: answer.outcome === 'ok' }
    },

    drop: async (hexKeys) => { if (hexKeys.length > 0) await run(drop, { index }, { hexKeys }) },

    isComplete: async () => await redis.exists(complete) === 1,
    setComplete,

    rebuild: async function * () {
      await setComplete(false)
      for await (const found of scanAll(redis, `${index}*`)) if (found.length > 0) await redis.del(...found)
      let accounts = 0
      for await (const found of scanAll(redis, keys.account('*').record)) {
        const users = await Promise.all(found.map(async (key) => await findUser(redis, accountIdOf(key))))
        await Promise.all(users.map(async (user) => { await putOne(null, user) }))
        accounts += found.length
        yield accounts
      }
      await setComplete(true)
    }
  }
}
