import { hashToken } from '../../platform/ids.ts'
import type { AddressTags } from './address-tags.ts'
import type { RedisClient } from '../../platform/redis/connect.ts'
import { keys } from '../../platform/redis/keys.ts'
import { scanAll } from '../../platform/redis/scan.ts'
import type { RunScript } from '../../platform/redis/script.ts'
import { NOBODY, readUser, USER_FIELDS, type User } from './account.ts'
import { rehashAccount } from './account-scripts.ts'

/** An account as the sign-in path needs it. The password record never leaves the server. */
export interface Account extends User {
  /** '' of one that was invited only. */
  passwordHash: string
  /** Grows with every change of password, address, factor or status; whatever was started under an older one is dead. */
  credentialVersion: string
  /** E.164; '' when there is none. */
  phone: string
  hasRecoveryCodes: boolean
}

export interface AccountsStore {
  /** The account, only if it still belongs to the address of this tag. */
  findByAddress: (id: string, addressTag: string) => Promise<Account | null>
  find: (id: string) => Promise<User | null>
  /** That of the owner's last sign-in which told one. */
  timeZoneOf: (id: string) => Promise<string | undefined>
  /** Whose address this tag is. */
  findOwner: (addressTag: string) => Promise<User | null>
  knowsDevice: (id: string, deviceToken: string) => Promise<boolean>
  rehash: (id: string, oldRecord: string, newRecord: string) => Promise<void>
}

export async function findUser (redis: RedisClient, id: string): Promise<User | null> {
  const values = await redis.hmget(keys.account(id).record, ...USER_FIELDS)
  return values[0] ? readUser(id, values) : null
}

export async function holdsAccounts (redis: RedisClient): Promise<boolean> {
  for await (const found of scanAll(redis, keys.account('*').record)) if (found.length > 0) return true
  return false
}

export function createAccountsStore (redis: RedisClient, run: RunScript, tags: AddressTags): AccountsStore {
  const find = async (id: string): Promise<User | null> => await findUser(redis, id)
  return {
    find,

    timeZoneOf: async (id) => await redis.hget(keys.account(id || NOBODY).record, 'timeZone') ?? undefined,

    findOwner: async (addressTag) => {
      const id = await redis.hget(keys.address(addressTag).owner, 'accountId')
      const user = id ? await find(id) : null
      // A binding can be left over from an account that has another address now.
      return user && await tags.of(user.email) === addressTag ? user : null
    },

    findByAddress: async (id, addressTag) => {
      const values = await redis.hmget(keys.account(id || NOBODY).record, ...USER_FIELDS, 'passwordHash', 'credentialVersion', 'recovery')
      const [passwordHash, credentialVersion, recovery] = values.slice(USER_FIELDS.length)
      if (passwordHash === undefined || passwordHash === null || !credentialVersion) return null
      const user = readUser(id, values)
      if (await tags.of(user.email) !== addressTag) return null
      const phone = values[USER_FIELDS.indexOf('phone')] ?? ''
      return { ...user, passwordHash, credentialVersion, phone, hasRecoveryCodes: recovery === '1' }
    },

    knowsDevice: async (id, deviceToken) =>
      await redis.zscore(keys.account(id || NOBODY).devices, hashToken(deviceToken)) !== null,

    rehash: async (id, oldRecord, newRecord) => {
      await run(rehashAccount, { account: keys.account(id).record }, { oldRecord, newRecord })
    }
  }
}
