import { Problem, retryAfter } from '../../errors.ts'
import { newId } from '../../platform/ids.ts'
import type { RedisClient } from '../../platform/redis/connect.ts'
import { keys } from '../../platform/redis/keys.ts'
import type { RunScript } from '../../platform/redis/script.ts'
import type { AccountsStore } from './accounts-store.ts'
import { bindAddress, releaseAddress, takeAddressMail } from './address-scripts.ts'

/** How long a proven address may still be bound to its account for good, should the server die between the two steps. */
export const BINDING_LIFE_MS = 10 * 60_000
/** Two nodes of a cluster may disagree about the time by this much. */
export const CLOCK_MARGIN_MS = 60_000

/** Which account an address belongs to, beyond sign-up. An address and its account are two slots, so their changes are two steps. */
export interface AddressBindingsStore {
  /** Whether the address has an account. Takes the same steps either way. */
  isTaken: (addressTag: string) => Promise<boolean>
  /** Takes one from the budget of an address that somebody else names; a phone number has one like it. @throws Problem TOO_MANY_REQUESTS */
  takeMail: (addressTag: string) => Promise<void>
  /** A word that changes whenever the address is bound anew; '' when it is not bound. */
  version: (addressTag: string) => Promise<string>
  /** Binds a proven address, and makes every other attempt a decoy. Safe to repeat. @returns its version. @throws Problem CONFLICT */
  bind: (accountId: string, addressTag: string) => Promise<string>
  /** Releases an address and what was kept for its owner, if it still is this account's in the version seen ('' = any). */
  release: (accountId: string, addressTag: string, version: string) => Promise<void>
}

export function createAddressBindingsStore (
  redis: RedisClient, run: RunScript, accounts: AccountsStore, budget: { mailsPerHour: number, mailsPerDay: number }
): AddressBindingsStore {
  const holderOf = async (addressTag: string): Promise<string> => await redis.hget(keys.address(addressTag).owner, 'accountId') ?? ''
  const isHeldBy = async (accountId: string, addressTag: string): Promise<boolean> =>
    await accounts.findByAddress(accountId, addressTag) !== null

  return {
    isTaken: async (addressTag) => await isHeldBy(await holderOf(addressTag), addressTag),

    takeMail: async (addressTag) => {
      const { mailsPerHour, mailsPerDay } = budget
      const answer = await run(takeAddressMail, { mails: keys.address(addressTag).mails }, { mailsPerHour, mailsPerDay, unique: newId() })
      if (answer.outcome !== 'ok') throw new Problem('TOO_MANY_REQUESTS', retryAfter(answer.waitMs))
    },

    version: async (addressTag) => await redis.hget(keys.address(addressTag).owner, 'boundAt') ?? '',

    bind: async (accountId, addressTag) => {
      const key = keys.address(addressTag)
      const holderId = await holderOf(addressTag)
      const staleId = await isHeldBy(holderId, addressTag) ? undefined : holderId
      const answer = await run(bindAddress, { owner: key.owner, attempts: key.attempts },
        { accountId, staleId, bindingLifeMs: BINDING_LIFE_MS + CLOCK_MARGIN_MS, attemptPrefix: key.attempt('') })
      if (answer.outcome !== 'ok') throw new Problem('CONFLICT')
      return answer.version
    },

    release: async (accountId, addressTag, version) => {
      const key = keys.address(addressTag)
      const { owner, attempts, idempotency } = key
      // What strangers see (attempts, budgets, throttle, pressure) stays for its time: it names neither account nor address, only a MAC.
      await run(releaseAddress, { owner, attempts, idempotency, notice: key.notice('accountExists') },
        { accountId, version, attemptPrefix: key.attempt('') })
    }
  }
}
