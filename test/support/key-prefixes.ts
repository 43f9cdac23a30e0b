import { keys } from '../../src/platform/redis/keys.ts'

const untilTag = (key: string): string => key.slice(0, key.indexOf('}'))
const withTag = (key: string): string => key.slice(0, key.indexOf('}') + 1)

/** What the keys of every account, and of every address, begin with; for `ageRecords`. */
export const ALL_ACCOUNTS = untilTag(keys.account('').record)
export const ALL_ADDRESSES = untilTag(keys.address('').owner)

/** What every key of this account, or of this address, begins with. */
export const ofAccount = (id: string): string => withTag(keys.account(id).record)
export const ofAddress = (addressTag: string): string => withTag(keys.address(addressTag).owner)
