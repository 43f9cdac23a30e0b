import type { Actor, Client } from '../activity/actor.ts'
import { Problem } from '../../errors.ts'
import type { RedisClient } from '../../platform/redis/connect.ts'
import { accountIdOf, keys } from '../../platform/redis/keys.ts'
import { scanKeys } from '../../platform/redis/scan.ts'
import type { RunScript } from '../../platform/redis/script.ts'
import { readUser, type Role, type Status, type User } from './account.ts'
import { addAdmin, addMember, type ADMIN_EVENTS, administerAccount, dropAdmin, dropMember } from './account-scripts.ts'
import { findUser } from './accounts-store.ts'

/** An account as an admin sees it. */
export interface AdminUser extends User {
  /** Live sessions; expired ones that nobody pruned yet may count. */
  sessions: number
  /** Wrong codes since the last right one; the code step locks at 100. */
  wrongCodesInRow: number
}

export interface AdminChange { role?: Role | undefined, status?: Status | undefined, liftLocks?: true | undefined }

export type AdminEvent = typeof ADMIN_EVENTS[number]

export interface AdminStore {
  /** About `size` accounts in no order, and where to go on; each account that is there throughout appears at least once. */
  list: (cursor: string, size: number) => Promise<{ items: User[], nextCursor: string | null }>
  find: (id: string) => Promise<AdminUser | null>
  /** @throws Problem NOT_FOUND, FORBIDDEN (oneself, or an admin who was dropped an instant ago) */
  change: (id: string, change: AdminChange, admin: { id: string, client: Client }) => Promise<{ user: User, event: AdminEvent }>
  /** Makes an admin, for the operator's command. @throws Problem NOT_FOUND */
  grant: (id: string) => Promise<User>
}

/**
 * Lists by SCAN: an index of all accounts would cost every one of them memory and a second slot to keep true, for a list that only
 * admins read now and then.
 */
export function createAdminStore (redis: RedisClient, run: RunScript): AdminStore {
  async function administer (
    id: string, { role, status, liftLocks }: AdminChange, actor: Actor
  ): Promise<{ user: User, event: AdminEvent }> {
    const key = keys.account(id)
    const answer = await run(administerAccount, { account: key.record, failures: key.failures },
      { role, status, isUnlock: liftLocks === true, actor })
    if (answer.outcome !== 'ok') throw new Problem('NOT_FOUND')
    return { event: answer.event, user: readUser(id, answer.user) }
  }

  return {
    list: async (cursor, size) => {
      const ids = new Set<string>()
      const nextCursor = await scanKeys(redis, cursor, keys.account('*').record, (found) => {
        for (const key of found) ids.add(accountIdOf(key))
        return ids.size < size
      })
      const users = await Promise.all([...ids].map(async (id) => await findUser(redis, id)))
      return { items: users.filter((user) => user !== null), nextCursor }
    },

    find: async (id) => {
      const key = keys.account(id)
      const [user, sessions, wrongInRow] = await Promise.all([
        findUser(redis, id), redis.zcard(key.sessions), redis.hget(key.record, 'wrongInRow')
      ])
      return user && { ...user, sessions, wrongCodesInRow: Number(wrongInRow ?? 0) }
    },

    change: async (id, change, admin) => {
      const before = await findUser(redis, id)
      if (!before) throw new Problem('NOT_FOUND')
      const isTouched = change.role !== undefined || change.status !== undefined
      if (isTouched && admin.id === id) throw new Problem('FORBIDDEN')
      const isAdminAfter = (change.role ?? before.role) === 'admin' && (change.status ?? before.status) === 'active'
      const isListChange = isTouched && (isAdminAfter || before.role === 'admin')
      if (isListChange) {
        const { outcome } = await run(isAdminAfter ? addAdmin : dropAdmin, { admins: keys.admins }, { actorId: admin.id, accountId: id })
        if (outcome !== 'ok') throw new Problem('FORBIDDEN')
      }
      return await administer(id, change, { ...admin.client, adminId: admin.id }).catch(async (error: unknown) => {
        // Deleted an instant ago: nothing of it stays in the list.
        if (error instanceof Problem && error.code === 'NOT_FOUND') await run(dropMember, { set: keys.admins }, { member: id })
        throw error
      })
    },

    grant: async (id) => {
      if (!await findUser(redis, id)) throw new Problem('NOT_FOUND')
      await run(addMember, { set: keys.admins }, { member: id })
      return (await administer(id, { role: 'admin', status: 'active' }, { ip: '', device: '', adminId: 'operator' })).user
    }
  }
}
