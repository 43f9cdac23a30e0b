import type { Role, Status, User } from '../records/accounts/account.ts'
import type { AccountsStore } from '../records/accounts/accounts-store.ts'
import type { AddressTags } from '../records/accounts/address-tags.ts'
import type { AdminStore, AdminUser } from '../records/accounts/administration-store.ts'
import type { AccountsIndexStore, IndexEntry, IndexQuery } from '../records/accounts-index/accounts-index-store.ts'
import { ADMINS, ALL, cut, DISABLED, fold, INVITED, isFoundBy, itemsOf, roleList } from '../records/accounts-index/index-items.ts'

export interface AccountQuery {
  /** Beginnings of the address or of words of the name. */
  q?: string | undefined
  cursor?: string | undefined
  status?: Status | undefined
  /** `user`, `admin`, or one of the operator's own. */
  role?: string | undefined
  /** The one account of this address. */
  email?: string | undefined
}

export interface AccountPage {
  items: AdminUser[]
  nextCursor: string | null
  /** How many there are in all; null when nobody has counted: the index is off or not built, or a search finds more than one looks at. */
  total: number | null
}

/** @throws Problem VALIDATION_FAILED for a cursor that is none of ours */
export type SearchAccounts = (query: AccountQuery) => Promise<AccountPage>

interface Dependencies {
  accounts: Pick<AccountsStore, 'find' | 'findOwner'>
  addressTags: Pick<AddressTags, 'of'>
  administration: Pick<AdminStore, 'describe' | 'find' | 'scan'>
  accountsIndex: AccountsIndexStore
  isIndexed: boolean
}

const PAGE = 25
const SCANNED = 50
/** Read at once. */
const STEP = PAGE + 1
/** For one page, when a filter lets few through; and to count what it lets through. */
const MOST_LOOKED_AT = 2_000
const MOST_COUNTED = 4 * STEP

interface Plan {
  query: IndexQuery
  isMatch: (user: User) => boolean
  /** Whether the index alone knows how many there are; less those of these lists. */
  minus: string[] | null
}

/** The longest first. */
const wordsIn = ({ q = '' }: AccountQuery): string[] =>
  fold(q).split(/\s+/u).filter((word) => word !== '').sort((one, other) => other.length - one.length)

/** `sought`: the word to go through, of those of the query. */
function planOf (asked: AccountQuery, sought = ''): Plan {
  const { status, role } = asked
  const words = wordsIn(asked)
  const hasRole = (user: User): boolean =>
    role === undefined || (role === 'user' || role === 'admin' ? user.role === (role satisfies Role) : user.roles?.includes(role) === true)
  const isMatch = (user: User): boolean =>
    isFoundBy(user, words) && (status === undefined || user.status === status) && hasRole(user)
  const isAlone = (status === undefined ? 0 : 1) + (role === undefined ? 0 : 1) === 1
  if (sought !== '') {
    const isWhole = words.length === 1 && cut(sought) === sought && status === undefined && role === undefined
    return { query: { word: cut(sought) }, isMatch, minus: isWhole ? [] : null }
  }
  if (role !== undefined && role !== 'user') {
    return { query: { list: role === 'admin' ? ADMINS : roleList(role) }, isMatch, minus: isAlone ? [] : null }
  }
  if (status === 'disabled' || status === 'invited') {
    return { query: { list: status === 'disabled' ? DISABLED : INVITED }, isMatch, minus: isAlone ? [] : null }
  }
  const minus = status === 'active' ? [DISABLED, INVITED] : role === 'user' ? [ADMINS] : []
  return { query: { list: ALL }, isMatch, minus: status !== undefined && role !== undefined ? null : minus }
}

/** The first less the others; null when one is not exact. */
function remainder (counts: Array<{ count: number, isExact: boolean }>): number | null {
  const [all = 0, ...others] = counts.map(({ count }) => count)
  return counts.every(({ isExact }) => isExact) ? others.reduce((left, one) => left - one, all) : null
}

export function createSearchAccounts (dependencies: Dependencies): SearchAccounts {
  const { accounts, addressTags, administration, accountsIndex, isIndexed } = dependencies

  async function load (entries: IndexEntry[]): Promise<Array<{ entry: IndexEntry, user: User | null }>> {
    return await Promise.all(entries.map(async (entry) => ({ entry, user: await accounts.find(entry.id) })))
  }

  /** The word that the fewest have; once a walk has begun, the one that it goes by. */
  async function rarest (words: string[], cursor: string | undefined): Promise<string | undefined> {
    const begun = cursor && words.find((word) => cursor.startsWith(Buffer.from(`\u0002${cut(word)}`).toString('hex')))
    if (begun || words.length < 2) return begun || words[0]
    const counted = await Promise.all(words.map(async (word) => ({ word, ...await accountsIndex.count({ word: cut(word) }) })))
    return counted.sort((one, other) => one.count - other.count)[0]?.word
  }

  /** From the index; each account is compared with what it is now, and what is true no longer leaves the index. */
  async function walk ({ query, isMatch, minus }: Plan, cursor: string | undefined): Promise<AccountPage> {
    const found: User[] = []
    const stale: string[] = []
    let [after, lastKey, looked, matched] = [cursor, '', 0, 0]
    let isAtEnd = false
    const counted = minus && [query, ...minus.map((list) => ({ list }))]
    const counts = counted && await Promise.all(counted.map(accountsIndex.count))
    const isMoreWanted = (): boolean => matched <= PAGE ? looked < MOST_LOOKED_AT : !counts && looked < MOST_COUNTED
    while (!isAtEnd && isMoreWanted()) {
      const entries = await accountsIndex.find(query, after, STEP)
      isAtEnd = entries.length < STEP
      looked += entries.length
      after = entries.at(-1)?.hexKey
      for (const { entry, user } of await load(entries.filter(({ isRepeated }) => !isRepeated))) {
        const isTrue = user && (query.word === undefined ? itemsOf(user).includes(`1${query.list}`) : isFoundBy(user, [query.word]))
        if (!isTrue) stale.push(entry.hexKey)
        if (!isTrue || !isMatch(user)) continue
        matched++
        if (matched > PAGE) continue
        found.push(user)
        lastKey = entry.hexKey
      }
    }
    await accountsIndex.drop(stale).catch(() => {})
    const items = await Promise.all(found.map(administration.describe))
    const total = counts ? remainder(counts) : isAtEnd && cursor === undefined ? matched : null
    return {
      items,
      nextCursor: matched > PAGE ? lastKey : isAtEnd ? null : after ?? null,
      total: total === null ? null : Math.max(total - (counts ? stale.length : 0), items.length)
    }
  }

  async function scan (query: AccountQuery): Promise<AccountPage> {
    const { ids, nextCursor } = await administration.scan(query.cursor ?? '', SCANNED)
    const users = await Promise.all(ids.map(async (id) => await administration.find(id)))
    const { isMatch } = planOf(query)
    return { items: users.filter((user) => user !== null).filter(isMatch), nextCursor, total: null }
  }

  return async (query) => {
    const { email, cursor } = query
    if (email !== undefined) {
      const owner = await accounts.findOwner(await addressTags.of(email))
      const user = owner && await administration.find(owner.id)
      return { items: user ? [user] : [], nextCursor: null, total: user ? 1 : 0 }
    }
    if (!isIndexed || !await accountsIndex.isComplete()) return await scan(query)
    return await walk(planOf(query, await rarest(wordsIn(query), cursor)), cursor)
  }
}
