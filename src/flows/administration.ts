import { Problem } from '../errors.ts'
import { newId } from '../platform/ids.ts'
import { now } from '../platform/clock.ts'
import type { User } from '../records/accounts/account.ts'
import type { AccountsStore } from '../records/accounts/accounts-store.ts'
import type { AddressBindingsStore } from '../records/accounts/address-bindings-store.ts'
import type { AddressTags } from '../records/accounts/address-tags.ts'
import { canonicalAddress } from '../records/accounts/address.ts'
import type { AdminChange, AdminEvent, AdminStore, AdminUser } from '../records/accounts/administration-store.ts'
import type { DeletionsStore } from '../records/accounts/deletions-store.ts'
import type { ActivityItem, ActivityStore } from '../records/activity/activity-store.ts'
import type { EventName } from '../records/activity/activity.ts'
import type { Client } from '../records/activity/actor.ts'
import type { AdminLogItem, AdminLogStore } from '../records/admin-log/admin-log-store.ts'
import type { IdempotencyClaim } from '../records/idempotency/idempotency-store.ts'
import { LINK_LIFE_MS } from '../records/links/link.ts'
import type { SessionsStore, SessionView } from '../records/sessions/sessions-store.ts'
import { requireKnownFacts } from './account-facts.ts'
import { bindingOf, ownerOf, type RecordOperation } from './admin-log.ts'
import { announceDeletion } from './deletion.ts'
import type { RunOnce } from './idempotency.ts'
import type { Mailer, Notice } from './mail-jobs.ts'
import type { Notices } from './notices.ts'
import type { Requester } from './requester.ts'

interface Page<Item> { items: Item[], nextCursor: string | null }

/** What an admin or a service asks to change. */
export type ChangeRequest = Omit<AdminChange, 'newEmail'> & { email?: string | undefined, reason?: string | undefined }

/**
 * What admins and other services may do with accounts. Nobody changes themselves, a service no admin. Each change stands in the account's
 * log and in that of the admins. @throws Problem NOT_FOUND, FORBIDDEN
 */
export interface Administration {
  find: (id: string) => Promise<AdminUser>
  activityOf: (id: string, cursor: string | undefined) => Promise<Page<ActivityItem>>
  sessionsOf: (id: string) => Promise<SessionView[]>
  /** What admins, services and the command line did. */
  log: (cursor: string | undefined) => Promise<Page<AdminLogItem>>
  /** The owner is told of a new role or status. A new address waits for its owner's proof. @throws Problem CONFLICT, VALIDATION_FAILED */
  change: (requester: Requester, id: string, change: ChangeRequest) => Promise<AdminUser>
  /** Ends every session, and every trust. */
  logout: (requester: Requester, id: string) => Promise<void>
  /** For somebody who has lost every second step but the mailbox. @throws Problem CONFLICT (invited) */
  resetFactors: (requester: Requester, id: string) => Promise<AdminUser>
  /** Deletes an account, or revokes an invitation. */
  delete: (requester: Requester, id: string) => Promise<void>
}

interface Dependencies {
  accounts: Pick<AccountsStore, 'find'>
  activity: Pick<ActivityStore, 'listFor'>
  addressBindings: Pick<AddressBindingsStore, 'isTaken' | 'takeMail'>
  addressTags: Pick<AddressTags, 'of'>
  administration: AdminStore
  adminLog: Pick<AdminLogStore, 'list'>
  deletions: Pick<DeletionsStore, 'deleteBy'>
  sessions: Pick<SessionsStore, 'endAll' | 'list'>
  mailer: Mailer
  notices: Notices
  recordOperation: RecordOperation
  runOnce: RunOnce
  /** The operator's own. */
  roles: readonly string[]
}

const NOTICES: Partial<Record<AdminEvent, Notice>> = {
  role_changed: 'roleChanged', account_disabled: 'accountDisabled', account_enabled: 'accountEnabled', locks_lifted: 'locksLifted'
}
const AIMS: Array<[keyof ChangeRequest, EventName]> = [
  ['role', 'role_changed'], ['status', 'account_disabled'], ['email', 'email_change_requested'], ['roles', 'roles_changed'],
  ['claims', 'claims_changed'], ['name', 'profile_changed'], ['liftLocks', 'locks_lifted']
]

export function createAdministration (dependencies: Dependencies): Administration {
  const { accounts, activity, addressBindings, addressTags, administration, adminLog, deletions, sessions } = dependencies
  const { mailer, notices, recordOperation, runOnce, roles } = dependencies

  async function requireAccount (id: string): Promise<User> {
    const user = await accounts.find(id)
    if (!user) throw new Problem('NOT_FOUND')
    return user
  }
  async function find (id: string): Promise<AdminUser> {
    const user = await administration.find(id)
    if (!user) throw new Problem('NOT_FOUND')
    return user
  }
  /** Whom somebody is about to change. @throws Problem FORBIDDEN for oneself, and to a service for an admin */
  async function requireOther ({ actor }: Requester, id: string): Promise<User> {
    const user = await requireAccount(id)
    if (actor?.id === id || (actor?.kind === 'key' && user.role === 'admin')) throw new Problem('FORBIDDEN')
    return user
  }
  const once = async <Result>(
    requester: Requester, id: string, act: (claim?: IdempotencyClaim) => Promise<Result>, repeat: () => Promise<Result>
  ): Promise<Result> => await runOnce(requester, { owner: { accountId: id }, binding: bindingOf(requester) }, act, repeat)

  /** The address in its one form, free for this account. An admin may know whether it is taken. @throws Problem CONFLICT */
  async function readNewEmail (user: User, typed: string): Promise<AdminChange['newEmail']> {
    const email = canonicalAddress(typed)
    const isOwn = email === canonicalAddress(user.email)
    if (!isOwn && await addressBindings.isTaken(await addressTags.of(email))) throw new Problem('CONFLICT')
    if (!isOwn) await addressBindings.takeMail(await addressTags.of(email))
    return { email, linkId: newId(), linkLifeMs: LINK_LIFE_MS }
  }

  async function tellOwner (user: User, events: AdminEvent[], newEmail: AdminChange['newEmail'], client: Client): Promise<void> {
    for (const event of events) {
      const notice = NOTICES[event]
      if (notice) await notices.notifyOwner(user.id, notice, client)
      if (event !== 'email_change_requested' || !newEmail) continue
      await mailer.send({ kind: 'link', purpose: 'email', accountId: user.id, linkId: newEmail.linkId, client, at: now() })
      await notices.notifyAddress(user, 'emailChangeRequested', client)
    }
  }

  return {
    find,

    activityOf: async (id, cursor) => {
      await requireAccount(id)
      return await activity.listFor(id, cursor)
    },

    sessionsOf: async (id) => {
      await requireAccount(id)
      return await sessions.list(id)
    },

    log: async (cursor) => await adminLog.list(cursor),

    change: async (requester, id, { email, reason, ...change }) => {
      const user = await requireOther(requester, id)
      requireKnownFacts(change, roles)
      if (change.role !== undefined && requester.actor?.kind === 'key') throw new Problem('FORBIDDEN')
      const asked: ChangeRequest = { ...change, email }
      const aim = AIMS.find(([field]) => asked[field] !== undefined)?.[1] ?? 'profile_changed'
      return await once(requester, id, async (claim) => {
        const newEmail = email === undefined ? undefined : await readNewEmail(user, email)
        const wanted = { ...change, name: change.name?.trim(), newEmail }
        const { client } = requester
        await recordOperation(requester, { accountId: id, aim, reason }, async (by) => {
          const { events } = await administration.change(id, wanted, by, claim?.record({}))
          return { result: events, events }
        }).then(async (events) => { await tellOwner(user, events, newEmail, client) })
        return await find(id)
      }, async () => await find(id))
    },

    logout: async (requester, id) => {
      await requireOther(requester, id)
      const event = 'sessions_ended_by_admin'
      await once(requester, id, async () => await recordOperation(requester, { accountId: id, aim: event }, async ({ actor }) => {
        await sessions.endAll({ accountId: id, actor, event })
        return { result: undefined, events: [event] }
      }), async () => undefined)
    },

    resetFactors: async (requester, id) => {
      await requireOther(requester, id)
      return await once(requester, id, async (claim) => {
        await recordOperation(requester, { accountId: id, aim: 'factors_reset' }, async ({ actor }) => {
          await administration.resetFactors(id, actor, claim?.record({}))
          return { result: null, events: ['factors_reset'] }
        })
        await notices.notifyOwner(id, 'factorsReset', requester.client)
        return await find(id)
      }, async () => await find(id))
    },

    delete: async (requester, id) => {
      const aim = 'account_deleted'
      await runOnce(requester, { owner: ownerOf(requester), binding: bindingOf(requester) }, async () => {
        const user = await requireOther(requester, id)
        const isAdmin = user.role === 'admin'
        await recordOperation(requester, { accountId: id, aim }, async (by) => {
          if (isAdmin) await administration.drop(id, by)
          if (user.status !== 'invited') await announceDeletion(notices, user, requester.client)
          await deletions.deleteBy(id, by.actor, { mayBeAdmin: isAdmin })
          return { result: null, events: [aim] }
        })
      }, async () => {})
    }
  }
}
