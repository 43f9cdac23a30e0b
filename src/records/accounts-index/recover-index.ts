import type { User } from '../accounts/account.ts'
import type { AccountsStore } from '../accounts/accounts-store.ts'
import type { EventType } from '../events/event.ts'
import type { EventsStore } from '../events/events-store.ts'
import type { AccountsIndexStore } from './accounts-index-store.ts'

/** Before the newest event: more than any change takes. */
const LATELY_MS = 600_000
const OF_ACCOUNTS: ReadonlySet<EventType> = new Set(['account.created', 'account.updated', 'account.disabled', 'account.enabled'])

interface Parts {
  accounts: Pick<AccountsStore, 'find'>
  events: Pick<EventsStore, 'end' | 'page'>
  index: Pick<AccountsIndexStore, 'put'>
  /** The operator's own. */
  roles: readonly string[]
}

/**
 * Tells the index again of every account that was changed shortly before the newest event: a server that died between a change and the
 * index has left it behind. Words that an account has no more leave the index when they are found, and so do accounts that are gone.
 */
export async function recoverIndex ({ accounts, events, index, roles }: Parts): Promise<void> {
  const newestMs = await events.end() / 1000
  if (newestMs === 0) return
  const changed = new Set<string>()
  let from: Parameters<EventsStore['page']>[0] | null = { since: new Date(newestMs - LATELY_MS).toISOString() }
  while (from !== null) {
    const { items, nextCursor } = await events.page(from, OF_ACCOUNTS)
    for (const { subject } of items) changed.add(subject)
    from = nextCursor === null ? null : { after: Number(nextCursor) }
  }
  for (const id of changed) {
    const user = await accounts.find(id)
    for (const before of user ? whatItMayHaveBeen(user, roles) : []) await index.put(before, user)
  }
}

/** In every list that it may have left. */
const whatItMayHaveBeen = (user: User, roles: readonly string[]): User[] =>
  [{ ...user, status: 'disabled', role: 'admin', roles: [...roles] }, { ...user, status: 'invited' }]
