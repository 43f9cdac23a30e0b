import type { Keyring } from '../../platform/keyring.ts'
import type { AddressTags } from '../accounts/address-tags.ts'
import type { RedisClient } from '../../platform/redis/connect.ts'
import type { RunScript } from '../../platform/redis/script.ts'
import { createAccountsIndexStore } from '../accounts-index/accounts-index-store.ts'
import { createAccountsStore } from '../accounts/accounts-store.ts'
import { createAddressBindingsStore } from '../accounts/address-bindings-store.ts'
import { createTransfersStore, type TransfersStore } from './transfers-store.ts'

/** The store of the commands that bring accounts in and out, with all that it stands on. */
export function openTransfersStore (
  { redis, run, tags, keyring }: { redis: RedisClient, run: RunScript, tags: AddressTags, keyring: Keyring }, isIndexed = true
): TransfersStore {
  const accounts = createAccountsStore(redis, run, tags)
  // No mail leaves by an import, so its budgets are nobody's concern.
  const bindings = createAddressBindingsStore(redis, run, accounts, { mailsPerHour: 0, mailsPerDay: 0 })
  const index = isIndexed ? createAccountsIndexStore(redis, run) : null
  return createTransfersStore({ redis, run, tags, accounts, bindings, keyring, index })
}
