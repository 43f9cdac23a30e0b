import { Problem } from '../errors.ts'
import type { User } from '../records/accounts/account.ts'
import type { AccountsStore } from '../records/accounts/accounts-store.ts'
import type { AddressTags } from '../records/accounts/address-tags.ts'
import type { AdminChange, AdminEvent, AdminStore, AdminUser } from '../records/accounts/administration-store.ts'
import type { ActivityItem, ActivityStore } from '../records/activity/activity-store.ts'
import type { SessionsStore } from '../records/sessions/sessions-store.ts'
import type { Notice } from './mail-jobs.ts'
import type { Notices } from './notices.ts'
import type { Principal, Requester } from './requester.ts'

/** What admins may do with accounts. */
export interface Administration {
  /** About 50 accounts in no order, or the one of an address. */
  list: (query: { cursor?: string | undefined, email?: string | undefined }) => Promise<{ items: User[], nextCursor: string | null }>
  /** @throws Problem NOT_FOUND */
  find: (id: string) => Promise<AdminUser>
  /** @throws Problem NOT_FOUND */
  activityOf: (id: string, cursor: string | undefined) => Promise<{ items: ActivityItem[], nextCursor: string | null }>
  /** Changes role or status, or lifts locks; the owner is told. @throws Problem NOT_FOUND, FORBIDDEN */
  change: (requester: Requester, admin: Principal, id: string, change: AdminChange) => Promise<User>
  /** Ends every session. @throws Problem NOT_FOUND */
  logout: (requester: Requester, admin: Principal, id: string) => Promise<void>
}

interface Dependencies {
  accounts: Pick<AccountsStore, 'find' | 'findOwner'>
  activity: Pick<ActivityStore, 'listFor'>
  addressTags: Pick<AddressTags, 'of'>
  administration: AdminStore
  sessions: Pick<SessionsStore, 'endAll'>
  notices: Notices
}

const PAGE = 50
const NOTICES: Partial<Record<AdminEvent, Notice>> = {
  role_changed: 'roleChanged', account_disabled: 'accountDisabled', account_enabled: 'accountEnabled', locks_lifted: 'locksLifted'
}

export function createAdministration (
  { accounts, activity, addressTags, administration, sessions, notices }: Dependencies
): Administration {
  const requireAccount = async (id: string): Promise<User> => {
    const user = await accounts.find(id)
    if (!user) throw new Problem('NOT_FOUND')
    return user
  }

  return {
    list: async ({ cursor = '', email }) => {
      if (email === undefined) return await administration.list(cursor, PAGE)
      const owner = await accounts.findOwner(await addressTags.of(email))
      return { items: owner ? [owner] : [], nextCursor: null }
    },

    find: async (id) => {
      const user = await administration.find(id)
      if (!user) throw new Problem('NOT_FOUND')
      return user
    },

    activityOf: async (id, cursor) => {
      await requireAccount(id)
      return await activity.listFor(id, cursor)
    },

    change: async ({ client, log }, { user: admin }, id, change) => {
      const { user, event } = await administration.change(id, change, { id: admin.id, client })
      log.info({ event: 'admin.changed', what: event, account: user.id, admin: admin.id }, 'an admin changed an account')
      const notice = NOTICES[event]
      if (notice) await notices.notifyOwner(user.id, notice, client)
      return user
    },

    logout: async ({ client, log }, { user: admin }, id) => {
      const user = await requireAccount(id)
      await sessions.endAll({ accountId: user.id, actor: { ...client, adminId: admin.id }, event: 'sessions_ended_by_admin' })
      log.info({ event: 'admin.logout', account: user.id, admin: admin.id }, 'an admin ended the sessions of an account')
    }
  }
}
