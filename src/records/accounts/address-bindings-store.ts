import { Problem, retryAfter } from '../../errors.ts'
import { newId } from '../../platform/ids.ts'
import type { RedisClient } from '../../platform/redis/connect.ts'
import { keys } from '../../platform/redis/keys.ts'
import type { RunScript } from '../../platform/redis/scripts.ts'
import { BINDING_LIFE_MS, CLOCK_MARGIN_MS } from '../registrations/registrations-store.ts'
import type { AccountsStore } from './accounts-store.ts'

/** Which account an address belongs to, beyond sign-up. An address and its account are two slots, so their changes are two steps. */
export interface AddressBindingsStore {
  /** Whether the address has an account. Takes the same steps either way. */
  isTaken: (addressTag: string) => Promise<boolean>
  /** Takes one from the budget of an address that somebody else names; a phone number has one like it. @throws Problem TOO_MANY_REQUESTS */
  takeMail: (addressTag: string) => Promise<void>
  /** A word that changes whenever the address is bound anew; '' when it is not bound. */
  version: (addressTag: string) => Promise<string>
  /** Binds a proven address, and kills every other attempt for it. Safe to repeat. @returns its version. @throws Problem CONFLICT */
  bind: (accountId: string, addressTag: string) => Promise<string>
  /** Lets go of an address if it still is this account's, in the version that was seen ('' = any). */
  release: (accountId: string, addressTag: string, version: string) => Promise<void>
  /** The same for the address of a deleted account, with all that was kept for it. */
  forget: (accountId: string, addressTag: string) => Promise<void>
}

export function createAddressBindingsStore (
  redis: RedisClient, run: RunScript, accounts: AccountsStore, budget: { mailsPerHour: number, mailsPerDay: number }
): AddressBindingsStore {
  const holderOf = async (addressTag: string): Promise<string> => await redis.hget(keys.address(addressTag).owner, 'accountId') ?? ''
  const isHeldBy = async (accountId: string, addressTag: string): Promise<boolean> => await accounts.findByAddress(accountId, addressTag) !== null

  return {
    isTaken: async (addressTag) => await isHeldBy(await holderOf(addressTag), addressTag),

    takeMail: async (addressTag) => {
      const answer = await run<['ok'] | ['mails', number]>('address-mail',
        [keys.address(addressTag).mails], [budget.mailsPerHour, budget.mailsPerDay, newId()])
      if (answer[0] !== 'ok') throw new Problem('TOO_MANY_REQUESTS', retryAfter(answer[1]))
    },

    version: async (addressTag) => await redis.hget(keys.address(addressTag).owner, 'boundAt') ?? '',

    bind: async (accountId, addressTag) => {
      const key = keys.address(addressTag)
      const holderId = await holderOf(addressTag)
      const staleId = await isHeldBy(holderId, addressTag) ? '' : holderId
      const answer = await run<['ok', string] | ['taken']>('address-bind',
        [key.owner, key.attempts], [accountId, staleId, BINDING_LIFE_MS + CLOCK_MARGIN_MS, key.attempt('')])
      if (answer[0] !== 'ok') throw new Problem('CONFLICT')
      return answer[1]
    },

    release: async (accountId, addressTag, version) => {
      const key = keys.address(addressTag)
      await run('address-release', [key.owner, key.attempts], [accountId, version, key.attempt('')])
    },

    forget: async (accountId, addressTag) => {
      const key = keys.address(addressTag)
      // What slows down strangers (throttle, pressure) stays for its hour: it names neither account nor address, only a MAC.
      await run('address-release',
        [key.owner, key.attempts, key.mails, key.failures, key.once, key.notice('accountExists')], [accountId, '', key.attempt('')])
    }
  }
}
