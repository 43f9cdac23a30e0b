import { createHash } from 'node:crypto'
import { Problem } from '../../errors.ts'
import type { Keyring } from '../../platform/keyring.ts'
import { openForeign } from '../../platform/passwords/foreign-record.ts'
import type { AddressTags } from '../accounts/address-tags.ts'
import type { RedisClient } from '../../platform/redis/connect.ts'
import { accountIdOf, keys } from '../../platform/redis/keys.ts'
import { patiently } from '../../platform/redis/patience.ts'
import { scanPage } from '../../platform/redis/scan.ts'
import { defineScript, integer, optional, pairs, type RunScript } from '../../platform/redis/script.ts'
import { readUser, USER_FIELDS } from '../accounts/account.ts'
import { canonicalAddress } from '../accounts/address.ts'
import type { AccountsStore } from '../accounts/accounts-store.ts'
import type { AddressBindingsStore } from '../accounts/address-bindings-store.ts'
import type { ImportedAccount } from './import-line.ts'

const importAccount = defineScript(new URL('./account-import.lua', import.meta.url), {
  keys: ['account'],
  args: { createdAt: optional(integer) },
  rest: { fields: pairs },
  answers: { ok: {}, exists: {} }
})

/** Accounts on their way in and out, for commands. */
export interface TransfersStore {
  /** `there`: this very account was imported before. `taken`: the address has another one, or the id. Safe to repeat. */
  import: (account: ImportedAccount) => Promise<'imported' | 'there' | 'taken'>
  /** All accounts as lines that `import` reads, in portions. One may come twice. */
  export: () => AsyncGenerator<string[]>
}

interface Parts {
  redis: RedisClient
  run: RunScript
  tags: AddressTags
  accounts: AccountsStore
  bindings: AddressBindingsStore
  keyring: Keyring
}

export function createTransfersStore ({ redis, run, tags, accounts, bindings, keyring }: Parts): TransfersStore {
  return {
    import: async ({ id, email, createdAt, fields }) => {
      const addressTag = await tags.of(email)
      // The same at every try: one that was cut off between its two steps is finished by the next.
      const accountId = id || createHash('sha256').update(`imported ${addressTag}`).digest().subarray(0, 16).toString('base64url')
      try {
        await bindings.bind(accountId, addressTag)
      } catch (error) {
        if (error instanceof Problem && error.code === 'CONFLICT') return 'taken'
        throw error
      }
      const { outcome } = await run(importAccount, { account: keys.account(accountId).record }, { createdAt, fields })
      if (outcome === 'ok') return 'imported'
      if (await accounts.findByAddress(accountId, addressTag)) return 'there'
      // The id has an account with another address.
      await bindings.release(accountId, addressTag, '')
      return 'taken'
    },

    export: async function * () {
      for (let cursor: string | null = ''; cursor !== null;) {
        const from: string = cursor
        const page = await patiently(async () => await readPage(from))
        cursor = page.cursor
        yield page.lines
      }
    }
  }

  async function readPage (from: string): Promise<{ lines: string[], cursor: string | null }> {
    const { keys: names, cursor } = await scanPage(redis, from, keys.account('*').record)
    const records = await Promise.all(names.map(async (name) =>
      [accountIdOf(name), await redis.hmget(name, ...USER_FIELDS, 'passwordHash')] as const))
    return { lines: records.flatMap(([id, values]) => values[0] ? [toLine(id, values)] : []), cursor }
  }

  function toLine (accountId: string, values: Array<string | null>): string {
    const { id, email, name, locale, status, role, isTwoFactorEnabled, createdAt } = readUser(accountId, values)
    const record = values[USER_FIELDS.length] ?? ''
    const phone = values[USER_FIELDS.indexOf('phone')]
    const passwordHash = openForeign(keyring, record) ?? record
    const contact = phone ? { phone } : {}
    return JSON.stringify({
      id, email: canonicalAddress(email), name, passwordHash, locale, status, role, isTwoFactorEnabled, ...contact, createdAt
    })
  }
}
