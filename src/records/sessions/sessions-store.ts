import { readUser, USER_FIELDS, type User } from '../accounts/account.ts'
import type { EventName } from '../activity/activity.ts'
import type { Actor, Client, SessionActor } from '../activity/actor.ts'
import { now } from '../../platform/clock.ts'
import { hashToken, newId } from '../../platform/ids.ts'
import type { RedisClient } from '../../platform/redis/connect.ts'
import { keys } from '../../platform/redis/keys.ts'
import { isOnTheMove } from '../../platform/redis/errors.ts'
import type { AnswerOf, OutcomeRecord, RunScript } from '../../platform/redis/script.ts'
import { type Amr, formatAmr, parseAmr } from './amr.ts'
import { GRACE_MS } from './generation-token.ts'
import type { RefreshClaims } from './generation-token.ts'
import { endAllSessions, endRecord, findSession, openSession, refreshSession } from './session-scripts.ts'
import { listLiving, type RecordSummary, summarize } from './session-summary.ts'
import type { NewSession, OpenedSession, OpenSession } from './session.ts'

export interface SessionLimits {
  perAccount: number
  idleMs: number
  absoluteMs: number
  /** Sessions that were opened before are over, though a restored Redis still holds them. */
  epochMs: number
}

/** A session about to be opened by a script: its keys and arguments, and what the caller needs when the script said yes. */
export interface SessionDraft {
  sid: string
  /** Kept by the script that opens it, where the request may come again. */
  record?: OutcomeRecord | undefined
  keys: { session: string, sessions: string, devices: string }
  args: {
    actor: Actor
    sid: string
    mostSessions: number
    idleMs: number
    absoluteMs: number
    amr: string
    oldDeviceHash: string | undefined
    newDeviceHash: string
    isFresh: boolean
    timeZone: string | undefined
  }
  deviceToken: string
  toSession: (opened: OpenedSession) => OpenSession
}

export type RefreshResult =
  | { outcome: 'ok', session: OpenSession }
  | { outcome: 'ended' | 'ahead' }
  | { outcome: 'reused', user: User }

/** A session as its owner sees it. The id opens nothing. */
export interface SessionView extends RecordSummary { amr: Amr[] }

export interface SessionsStore {
  draft: (session: NewSession) => SessionDraft
  /** Opens a drafted session without a code. Null when the account changed meanwhile. */
  open: (accountId: string, credentialVersion: string, draft: SessionDraft) => Promise<OpenedSession | null>
  /** The user of a live session of an active account, else null. One round trip. */
  find: (accountId: string, sid: string) => Promise<{ user: User, recentAt: number, amr: Amr[] } | null>
  /** Whose session a refresh token opens, without turning it; null when it opens none. One round trip. */
  look: (claims: RefreshClaims) => Promise<{ user: User, amr: Amr[] } | null>
  /** A session as it was opened, with its device token; null once it was used or has ended. */
  reopen: (accountId: string, sid: string) => Promise<{ session: OpenSession, deviceToken: string } | null>
  refresh: (claims: RefreshClaims, client: Client) => Promise<RefreshResult>
  /** False when there was no such session. */
  end: (session: SessionActor, event: EventName) => Promise<boolean>
  /** The living ones, the one seen last first. Never more than the limit per account. */
  list: (accountId: string) => Promise<SessionView[]>
  /** The trusted browsers go too, unless they are kept. */
  endAll: (
    ending: { accountId: string, keepSid?: string | undefined, keepsTrusted?: boolean, actor: Actor, event: EventName }
  ) => Promise<void>
}

export function createSessionsStore (
  redis: RedisClient, run: RunScript, limits: SessionLimits, deviceTokenOf: (sid: string) => string
): SessionsStore {
  const { perAccount: mostSessions, idleMs, absoluteMs, epochMs } = limits

  /** What `findSession` finds, each key where it is: while a slot moves, a script does not run on keys of two masters. */
  const findApart = async (key: ReturnType<typeof keys.account>, sid: string): Promise<AnswerOf<typeof findSession>> => {
    const [[recentAt, amr], user] = await Promise.all([
      redis.hmget(key.session(sid), 'recentAt', 'amr'), redis.hmget(key.record, ...USER_FIELDS)
    ])
    return amr ? { outcome: 'ok', recentAt: Number(recentAt), amr, user } : { outcome: 'none' }
  }

  return {
    draft: ({ accountId, amr, client, deviceToken: oldDeviceToken, isFresh = true, sid = newId() }) => {
      const key = keys.account(accountId)
      const deviceToken = deviceTokenOf(sid)
      const oldDeviceHash = oldDeviceToken ? hashToken(oldDeviceToken) : undefined
      return {
        sid,
        keys: { session: key.session(sid), sessions: key.sessions, devices: key.devices },
        args: {
          actor: client,
          sid,
          mostSessions,
          idleMs,
          absoluteMs,
          amr: formatAmr(amr),
          oldDeviceHash,
          newDeviceHash: hashToken(deviceToken),
          isFresh,
          timeZone: client.timeZone
        },
        deviceToken,
        toSession: ({ user, authAtMs }) => {
          const idleSeconds = Math.floor(Math.min(idleMs, absoluteMs) / 1000)
          return { user, sid, generation: 1, amr, authTime: Math.floor(authAtMs / 1000), idleSeconds }
        }
      }
    },

    open: async (accountId, credentialVersion, draft) => {
      const answer = await run(openSession, { account: keys.account(accountId).record, ...draft.keys },
        { credentialVersion, ...draft.args })
      return answer.outcome === 'ok' ? { ...answer, user: readUser(accountId, answer.user) } : null
    },

    find: async (accountId, sid) => {
      const key = keys.account(accountId)
      const answer = await run(findSession, { session: key.session(sid), account: key.record }, {}).catch(async (error: unknown) => {
        if (isOnTheMove(error)) return await findApart(key, sid)
        throw error
      })
      if (answer.outcome === 'none') return null
      const user = readUser(accountId, answer.user)
      return user.status === 'active' ? { user, recentAt: answer.recentAt, amr: parseAmr(answer.amr) } : null
    },

    look: async ({ accountId, sid, generation }) => {
      const key = keys.account(accountId)
      const [[current, turnedAt, createdAt, amr], record] = await Promise.all([
        redis.hmget(key.session(sid), 'gen', 'turnedAt', 'createdAt', 'amr'), redis.hmget(key.record, ...USER_FIELDS)
      ])
      const user = readUser(accountId, record)
      if (!amr || user.status !== 'active') return null
      const [at, turned, created] = [now(), Number(turnedAt), Number(createdAt)]
      const isOver = at >= turned + idleMs || at >= created + absoluteMs || created < epochMs
      const turnsAgo = Number(current) - generation
      const opens = turnsAgo === 0 || (turnsAgo === 1 && Math.abs(at - turned) <= GRACE_MS)
      return opens && !isOver ? { user, amr: parseAmr(amr) } : null
    },

    reopen: async (accountId, sid) => {
      const key = keys.account(accountId)
      const [[generation, amr, authAt], record, leftMs] = await Promise.all([
        redis.hmget(key.session(sid), 'gen', 'amr', 'authAt'), redis.hmget(key.record, ...USER_FIELDS), redis.pttl(key.session(sid))
      ])
      const user = readUser(accountId, record)
      if (generation !== '1' || !amr || user.status !== 'active' || leftMs <= 0) return null
      const authTime = Math.floor(Number(authAt) / 1000)
      const session = { user, sid, generation: 1, amr: parseAmr(amr), authTime, idleSeconds: Math.floor(leftMs / 1000) }
      return { session, deviceToken: deviceTokenOf(sid) }
    },

    refresh: async ({ accountId, sid, generation }, client) => {
      const key = keys.account(accountId)
      const answer = await run(refreshSession, { session: key.session(sid), account: key.record, sessions: key.sessions },
        { generation, graceMs: GRACE_MS, idleMs, absoluteMs, sid, actor: client, epochMs })
      if (answer.outcome === 'reused') return { outcome: 'reused', user: readUser(accountId, answer.user) }
      if (answer.outcome !== 'ok') return answer
      return {
        outcome: 'ok',
        session: {
          user: readUser(accountId, answer.user),
          sid,
          generation: answer.generation,
          amr: parseAmr(answer.amr),
          authTime: Math.floor(answer.authAtMs / 1000),
          idleSeconds: Math.floor(answer.livesOnMs / 1000)
        }
      }
    },

    end: async ({ accountId, sid, client }, event) => {
      const key = keys.account(accountId)
      const { outcome } = await run(endRecord, { record: key.session(sid), index: key.sessions, account: key.record },
        { id: sid, isSession: true, actor: client, event })
      return outcome === 'ok'
    },

    list: async (accountId) => {
      const key = keys.account(accountId)
      const records = await listLiving(run, { index: key.sessions, prefix: key.session(''), idleMs, absoluteMs })
      return records.filter(({ createdAt }) => createdAt >= epochMs).map((record) => ({ ...summarize(record), amr: parseAmr(record.amr) }))
    },

    endAll: async ({ accountId, keepSid, keepsTrusted = false, actor, event }) => {
      const key = keys.account(accountId)
      await run(endAllSessions, { sessions: key.sessions, account: key.record, trustedBrowsers: key.trustedBrowsers },
        { sessionPrefix: key.session(''), keepSid, keepsTrusted, actor, event, trustedBrowserPrefix: key.trustedBrowser('') })
    }
  }
}
