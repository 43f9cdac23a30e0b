import type { Actor } from '../activity/actor.ts'
import { Problem } from '../../errors.ts'
import type { RedisClient } from '../../platform/redis/connect.ts'
import { accountIdOf, keys } from '../../platform/redis/keys.ts'
import { scanKeys } from '../../platform/redis/scan.ts'
import type { OutcomeRecord, RunScript } from '../../platform/redis/script.ts'
import { type Claims, readUser, type Role, type Status, type User } from './account.ts'
import { addAdmin, addMember, type ADMIN_EVENTS, administerAccount, dropAdmin, dropMember, resetFactors } from './account-scripts.ts'
import { findUser } from './accounts-store.ts'

/** An account as an admin sees it. */
export interface AdminUser extends User {
  roles: string[]
  claims: Claims
  /** Live sessions; expired ones that nobody pruned yet may count. */
  sessions: number
  /** Wrong codes since the last right one; the code step locks at 100. */
  wrongCodesInRow: number
  /** The address that waits for its owner's proof, and until when. */
  newEmail: { email: string, expiresAt: string } | null
  /** Of an account that waits for its owner. `expiresAt` is null when no link was mailed. */
  invitation: { expiresAt: string | null } | null
}

/** What others than the owner may change; undefined is left as it is. */
export interface AdminChange {
  role?: Role | undefined
  status?: Exclude<Status, 'invited'> | undefined
  liftLocks?: true | undefined
  name?: string | undefined
  roles?: string[] | undefined
  claims?: Claims | undefined
  /** By a link with this id, within this time, the owner of the address proves it. */
  newEmail?: { email: string, linkId: string, linkLifeMs: number } | undefined
}

export type AdminEvent = typeof ADMIN_EVENTS[number]

/** Who changes an account of somebody else: an admin by their id; a service, which may touch no admin, has none. */
export interface AdminActor { adminId: string | null, actor: Actor }

export interface AdminStore {
  /** Ids of about `size` accounts in no order, and where to go on; each that is there throughout appears at least once. */
  scan: (cursor: string, size: number) => Promise<{ ids: string[], nextCursor: string | null }>
  find: (id: string) => Promise<AdminUser | null>
  /** The same for an account that was read already. */
  describe: (user: User) => Promise<AdminUser>
  /**
   * @throws Problem NOT_FOUND, CONFLICT (nobody has accepted the invitation yet), FORBIDDEN (oneself, an admin to a service, or the one who
   * asks was dropped an instant ago)
   */
  change: (id: string, change: AdminChange, by: AdminActor, record?: OutcomeRecord) => Promise<{ user: User, events: AdminEvent[] }>
  /** Takes an account from the list of admins before it is deleted. @throws Problem FORBIDDEN as above */
  drop: (id: string, by: AdminActor) => Promise<void>
  /** Takes every second factor, and ends everything. @throws Problem NOT_FOUND, CONFLICT (invited) */
  resetFactors: (id: string, actor: Actor, record?: OutcomeRecord) => Promise<User>
  /** Makes an admin, for the operator's command. @throws Problem NOT_FOUND, CONFLICT (invited) */
  grant: (id: string, actor?: Actor) => Promise<User>
}

const toTime = (stored: string): string => new Date(Number(stored)).toISOString()

/** How a script is told that nothing is to stay. */
const NONE = '-'
const writeList = (roles: string[]): string => roles.join(' ') || NONE
const writeClaims = (claims: Claims): string => Object.keys(claims).length === 0 ? NONE : JSON.stringify(claims)

export function createAdminStore (redis: RedisClient, run: RunScript): AdminStore {
  async function administer (
    id: string, { roles, claims, newEmail, liftLocks, ...change }: AdminChange, { adminId, actor }: AdminActor, record?: OutcomeRecord
  ): Promise<{ user: User, events: AdminEvent[] }> {
    const key = keys.account(id)
    const answer = await run(administerAccount, { account: key.record, failures: key.failures }, {
      actor,
      mayTouchAdmins: adminId !== null,
      role: change.role,
      status: change.status,
      isUnlock: liftLocks === true,
      name: change.name,
      roles: roles && writeList(roles),
      claims: claims && writeClaims(claims),
      newEmail: newEmail?.email,
      linkId: newEmail?.linkId ?? '',
      linkLifeMs: newEmail?.linkLifeMs ?? 0
    }, record)
    if (answer.outcome === 'forbidden') throw new Problem('FORBIDDEN')
    if (answer.outcome === 'invited') throw new Problem('CONFLICT')
    if (answer.outcome !== 'ok') throw new Problem('NOT_FOUND')
    return { events: answer.events, user: readUser(id, answer.user) }
  }

  /** Nobody changes themselves, and whoever is off the list may change nobody on it: so the last admin stays. */
  async function dropFromList (id: string, adminId: string | null): Promise<void> {
    const { outcome } = await run(dropAdmin, { admins: keys.admins }, { actorId: adminId ?? '', accountId: id })
    if (outcome !== 'ok') throw new Problem('FORBIDDEN')
  }

  async function readFacts (id: string) {
    const key = keys.account(id)
    const [sessions, [wrongInRow, email, endsAt, inviteEndsAt]] = await Promise.all([
      redis.zcard(key.sessions), redis.hmget(key.record, 'wrongInRow', 'newEmail', 'newEmailEndsAt', 'inviteEndsAt')
    ])
    return { sessions, wrongInRow, email, endsAt, inviteEndsAt }
  }

  const viewOf = (user: User, { sessions, wrongInRow, email, endsAt, inviteEndsAt }: Awaited<ReturnType<typeof readFacts>>): AdminUser => ({
    ...user,
    roles: user.roles ?? [],
    claims: user.claims ?? {},
    sessions,
    wrongCodesInRow: Number(wrongInRow ?? 0),
    newEmail: email && endsAt ? { email, expiresAt: toTime(endsAt) } : null,
    invitation: user.status === 'invited' ? { expiresAt: inviteEndsAt ? toTime(inviteEndsAt) : null } : null
  })

  return {
    scan: async (cursor, size) => {
      const ids = new Set<string>()
      const nextCursor = await scanKeys(redis, cursor, keys.account('*').record, (found) => {
        for (const key of found) ids.add(accountIdOf(key))
        return ids.size < size
      })
      return { ids: [...ids], nextCursor }
    },

    find: async (id) => {
      const [user, facts] = await Promise.all([findUser(redis, id), readFacts(id)])
      return user && viewOf(user, facts)
    },
    describe: async (user) => viewOf(user, await readFacts(user.id)),

    change: async (id, change, by, record) => {
      const before = await findUser(redis, id)
      if (!before) throw new Problem('NOT_FOUND')
      const isTouched = change.role !== undefined || change.status !== undefined
      if (isTouched && before.status === 'invited') throw new Problem('CONFLICT')
      const isAdminAfter = (change.role ?? before.role) === 'admin' && (change.status ?? before.status) === 'active'
      if (isTouched && (isAdminAfter || before.role === 'admin')) {
        if (by.adminId === null || by.adminId === id) throw new Problem('FORBIDDEN')
        if (isAdminAfter) {
          const { outcome } = await run(addAdmin, { admins: keys.admins }, { actorId: by.adminId, accountId: id })
          if (outcome !== 'ok') throw new Problem('FORBIDDEN')
        } else await dropFromList(id, by.adminId)
      }
      return await administer(id, change, by, record).catch(async (error: unknown) => {
        // Deleted an instant ago: nothing of it stays in the list.
        if (error instanceof Problem && error.code === 'NOT_FOUND') await run(dropMember, { set: keys.admins }, { member: id })
        throw error
      })
    },

    drop: async (id, { adminId }) => { await dropFromList(id, adminId) },

    resetFactors: async (id, actor, record) => {
      const { record: account, totp, totpPending, recovery, passkeys } = keys.account(id)
      const answer = await run(resetFactors, { account, totp, totpPending, recovery, passkeys }, { actor }, record)
      if (answer.outcome === 'invited') throw new Problem('CONFLICT')
      if (answer.outcome !== 'ok') throw new Problem('NOT_FOUND')
      return readUser(id, answer.user)
    },

    grant: async (id, actor = { ip: '', device: '', by: 'operator' }) => {
      const user = await findUser(redis, id)
      if (!user) throw new Problem('NOT_FOUND')
      if (user.status === 'invited') throw new Problem('CONFLICT')
      await run(addMember, { set: keys.admins }, { member: id })
      return (await administer(id, { role: 'admin', status: 'active' }, { adminId: 'operator', actor })).user
    }
  }
}
