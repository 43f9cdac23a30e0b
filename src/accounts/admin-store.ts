import { Cluster, type Redis } from 'ioredis'
import { trace } from '../activity/activity.ts'
import { Problem } from '../errors.ts'
import type { RedisClient } from '../redis/connect.ts'
import { accountIdOf, keys } from '../redis/keys.ts'
import type { RunScript } from '../redis/scripts.ts'
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

/** Where a page of a SCAN begins: one cursor per master, one master after the other. */
interface Position { node: number, cursor: string }

const KEYS_PER_STEP = 500
/** A page that finds little among many other keys is cut off, so that one request never holds Redis for long. */
const MOST_STEPS = 200

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
      const nodes: Redis[] = redis instanceof Cluster ? redis.nodes('master') : [redis]
      let position: Position | null = readCursor(cursor)
      const ids = new Set<string>()
      for (let step = 0; position && ids.size < size && step < MOST_STEPS; step++) {
        const node: Redis | undefined = nodes[position.node]
        if (!node) return { items: [], nextCursor: null }
        const [next, found]: [string, string[]] = await node.scan(position.cursor, 'MATCH', keys.account('*').record, 'COUNT', KEYS_PER_STEP)
        for (const key of found) ids.add(accountIdOf(key))
        position = next !== '0' ? { node: position.node, cursor: next } : position.node + 1 < nodes.length ? { node: position.node + 1, cursor: '0' } : null
      }
      const users = await Promise.all([...ids].map(read))
      return { items: users.filter((user) => user !== null), nextCursor: position && writeCursor(position) }
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
      return await administer(id, change, trace(client, actorId)).catch(async (error: unknown) => {
        // Deleted an instant ago: nothing of it stays in the list.
        if (error instanceof Problem && error.code === 'NOT_FOUND') await redis.srem(keys.admins, id)
        throw error
      })
    },

    grant: async (id) => {
      if (!await read(id)) throw new Problem('NOT_FOUND')
      await redis.sadd(keys.admins, id)
      return (await administer(id, { role: 'admin', status: 'active' }, trace({ ip: '', device: '' }, 'operator'))).user
    }
  }
}

function readCursor (text: string): Position {
  const [, node, cursor] = /^(\d{1,4})\.(\d{1,20})$/.exec(Buffer.from(text, 'base64url').toString()) ?? []
  return { node: Number(node ?? 0), cursor: cursor ?? '0' }
}

const writeCursor = ({ node, cursor }: Position): string => Buffer.from(`${node}.${cursor}`).toString('base64url')
