import { createHash } from 'node:crypto'
import { Problem } from '../../errors.ts'
import type { Keyring } from '../../platform/keyring.ts'
import { openForeign } from '../../platform/passwords/foreign-record.ts'
import type { AddressTags } from '../accounts/address-tags.ts'
import type { RedisClient } from '../../platform/redis/connect.ts'
import { accountIdOf, keys } from '../../platform/redis/keys.ts'
import { patiently } from '../../platform/redis/patience.ts'
import { scanPage } from '../../platform/redis/scan.ts'
import { defineScript, integer, optional, pairs, type RunScript, text } from '../../platform/redis/script.ts'
import { readUser, USER_FIELDS } from '../accounts/account.ts'
import { canonicalAddress } from '../accounts/address.ts'
import { type Passkey, readPasskey } from '../passkeys/passkey.ts'
import type { AccountsStore } from '../accounts/accounts-store.ts'
import type { AccountsIndexStore } from '../accounts-index/accounts-index-store.ts'
import type { AddressBindingsStore } from '../accounts/address-bindings-store.ts'
import type { ImportedAccount } from './import-line.ts'

const importAccount = defineScript(new URL('./account-import.lua', import.meta.url), {
  keys: ['account', 'passkeys'],
  args: { createdAt: optional(integer), passkeysJson: text },
  rest: { fields: pairs },
  answers: { ok: {}, exists: {} },
  tells: ['account.created']
})

/** Accounts on their way in and out, for commands. */
export interface TransfersStore {
  /** `there`: this very account was imported before. `taken`: the address has another one, or the id. Safe to repeat. */
  import: (account: ImportedAccount) => Promise<{ word: 'imported' | 'there', accountId: string } | { word: 'taken' }>
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
  /** Where admins find accounts; null when the operator has switched it off. */
  index: Pick<AccountsIndexStore, 'put'> | null
}

export function createTransfersStore ({ redis, run, tags, accounts, bindings, keyring, index }: Parts): TransfersStore {
  return {
    import: async ({ id, email, createdAt, passkeys, fields }) => {
      const addressTag = await tags.of(email)
      // The same at every try: one that was cut off between its two steps is finished by the next.
      const accountId = id || createHash('sha256').update(`imported ${addressTag}`).digest().subarray(0, 16).toString('base64url')
      try {
        await bindings.bind(accountId, addressTag)
      } catch (error) {
        if (error instanceof Problem && error.code === 'CONFLICT') return { word: 'taken' }
        throw error
      }
      const { record: account, passkeys: kept } = keys.account(accountId)
      const { outcome } = await run(importAccount, { account, passkeys: kept },
        { createdAt, passkeysJson: JSON.stringify(passkeys), fields })
      const found = await accounts.findByAddress(accountId, addressTag)
      // Also what an import that was cut off has left out.
      if (found) await index?.put(null, found)
      if (outcome === 'ok' || found) return { word: outcome === 'ok' ? 'imported' : 'there', accountId }
      // The id has an account with another address.
      await bindings.release(accountId, addressTag, '')
      return { word: 'taken' }
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
    const records = await Promise.all(names.map(async (name) => {
      const id = accountIdOf(name)
      const [values, passkeys] = await Promise.all([
        redis.hmget(name, ...USER_FIELDS, 'passwordHash'), redis.hgetall(keys.account(id).passkeys)
      ])
      return values[0] ? [toLine(id, values, Object.entries(passkeys).map(([one, stored]) => readPasskey(one, stored)))] : []
    }))
    return { lines: records.flat(), cursor }
  }

  function toLine (accountId: string, values: Array<string | null>, passkeys: Passkey[]): string {
    const { id, email, name, locale, status, role, roles, claims, isTwoFactorEnabled, createdAt } = readUser(accountId, values)
    const record = values[USER_FIELDS.length] ?? ''
    const phone = values[USER_FIELDS.indexOf('phone')]
    const passwordHash = openForeign(keyring, record) ?? record
    return JSON.stringify({
      id,
      email: canonicalAddress(email),
      name,
      passwordHash,
      locale,
      status,
      role,
      roles,
      claims,
      isTwoFactorEnabled,
      createdAt,
      ...(phone ? { phone } : {}),
      ...(passkeys.length > 0 ? { passkeys } : {})
    })
  }
}
