import { encodeActor } from '../activity/activity.ts'
import { Problem } from '../../errors.ts'
import type { RedisClient } from '../../platform/redis/connect.ts'
import { accountIdOf, keys } from '../../platform/redis/keys.ts'
import { scanKeys } from '../../platform/redis/scan.ts'
import type { RunScript } from '../../platform/redis/scripts.ts'
import type { Client } from '../sessions/session.ts'
import { readUser, type Role, type Status, USER_FIELDS, type User } from './account.ts'

/** An account as an admin sees it. */
export interface AdminUser extends User {
  /** Live sessions; expired ones that nobody pruned yet may count. */
  sessions: number
  /** Wrong codes since the last right one; the code step locks at 100. */
  wrongCodesInRow: number
}

export interface AdminChange { role?: Role | undefined, status?: Status | undefined, liftLocks?: true | undefined }

export type AdminEvent = '' | 'role_changed' | 'account_disabled' | 'account_enabled' | 'locks_lifted'

export interface AdminStore {
  /** About `size` accounts in no order, and where to go on; each account that is there throughout appears at least once. */
  list: (cursor: string, size: number) => Promise<{ items: User[], nextCursor: string | null }>
  find: (id: string) => Promise<AdminUser | null>
  /** @throws Problem NOT_FOUND, FORBIDDEN (oneself, or an admin who was dropped an instant ago) */
  change: (actorId: string, id: string, change: AdminChange, client: Client) => Promise<{ user: User, event: AdminEvent }>
  /** Makes an admin, for the operator's command. @throws Problem NOT_FOUND */
  grant: (id: string) => Promise<User>
}

/**
 * Lists by SCAN: an index of all accounts would cost every one of them memory and a second slot to keep true, for a list that only
 * admins read now and then.
 */
export function createAdminStore (redis: RedisClient, run: RunScript): AdminStore {
  const read = async (id: string): Promise<User | null> => {
    const values = await redis.hmget(keys.account(id).record, ...USER_FIELDS)
    return values[0] ? readUser(id, values) : null
  }

  async function administer (id: string, { role = '', status = '', liftLocks }: { role?: string | undefined, status?: string | undefined, liftLocks?: boolean | undefined }, by: string) {
    const key = keys.account(id)
    const answer = await run<['ok', AdminEvent, Array<string | null>] | ['gone']>('account-administer',
      [key.record, key.failures], [role, status, liftLocks ? 1 : 0, by])
    if (answer[0] !== 'ok') throw new Problem('NOT_FOUND')
    return { event: answer[1], user: readUser(id, answer[2]) }
  }

  return {
    list: async (cursor, size) => {
      const ids = new Set<string>()
      const nextCursor = await scanKeys(redis, cursor, keys.account('*').record, (found) => {
        for (const key of found) ids.add(accountIdOf(key))
        return ids.size < size
      })
      const users = await Promise.all([...ids].map(read))
      return { items: users.filter((user) => user !== null), nextCursor }
    },

    find: async (id) => {
      const key = keys.account(id)
      const [user, sessions, wrongInRow] = await Promise.all([read(id), redis.zcard(key.sessions), redis.hget(key.record, 'wrongInRow')])
      return user && { ...user, sessions, wrongCodesInRow: Number(wrongInRow ?? 0) }
    },

    change: async (actorId, id, change, client) => {
      const before = await read(id)
      if (!before) throw new Problem('NOT_FOUND')
      const isTouched = change.role !== undefined || change.status !== undefined
      if (isTouched && actorId === id) throw new Problem('FORBIDDEN')
      const isAdminAfter = (change.role ?? before.role) === 'admin' && (change.status ?? before.status) === 'active'
      const isListChange = isTouched && (isAdminAfter || before.role === 'admin')
      if (isListChange) {
        const [word] = await run<['ok'] | ['forbidden']>(isAdminAfter ? 'admin-add' : 'admin-drop', [keys.admins], [actorId, id])
        if (word !== 'ok') throw new Problem('FORBIDDEN')
      }
      return await administer(id, change, encodeActor(client, actorId)).catch(async (error: unknown) => {
        // Deleted an instant ago: nothing of it stays in the list.
        if (error instanceof Problem && error.code === 'NOT_FOUND') await run('member-drop', [keys.admins], [id])
        throw error
      })
    },

    grant: async (id) => {
      if (!await read(id)) throw new Problem('NOT_FOUND')
      await run('member-add', [keys.admins], [id])
      return (await administer(id, { role: 'admin', status: 'active' }, encodeActor({ ip: '', device: '' }, 'operator'))).user
    }
  }
}
