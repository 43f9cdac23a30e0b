import { readUser, USER_FIELDS, type User } from '../accounts/account.ts'
import { type EventName, encodeActor } from '../activity/activity.ts'
import { hashToken, newId } from '../../platform/ids.ts'
import type { RedisClient } from '../../platform/redis/connect.ts'
import { keys } from '../../platform/redis/keys.ts'
import type { OutcomeRecord, RunScript } from '../../platform/redis/scripts.ts'
import { GRACE_MS } from './generation-token.ts'
import type { RefreshClaims } from './refresh-token.ts'
import { listRecords, seen, type Seen } from './session-summary.ts'
import { type Amr, formatAmr, parseAmr } from './amr.ts'
import type { Client, OpenSession } from './session.ts'

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
  once?: OutcomeRecord | undefined
  keys: string[]
  args: Array<string | number>
  deviceToken: string
  toSession: (user: Array<string | null>, now: number) => OpenSession
}

export type RefreshResult =
  | { outcome: 'ok', session: OpenSession }
  | { outcome: 'ended' | 'ahead' }
  | { outcome: 'reused', user: User }

/** A session as its owner sees it. The id opens nothing. */
export interface SessionView extends Seen { amr: Amr[] }

export interface SessionsStore {
  /** `isFresh`: the sign-in counts as a proof for what needs a recent one. */
  draft: (accountId: string, amr: Amr[], client: Client, deviceToken: string | undefined, isFresh?: boolean, sid?: string) => SessionDraft
  /** Opens a drafted session without a code. Null when the account changed meanwhile. */
  open: (accountId: string, credentialVersion: string, client: Client, draft: SessionDraft) => Promise<{ user: Array<string | null>, isKnownDevice: boolean } | null>
  /** The user of a live session of an active account, else null. One round trip. */
  find: (accountId: string, sid: string) => Promise<{ user: User, recentAt: number, amr: Amr[] } | null>
  /** A session as it was opened, with its device token; null once it was used or has ended. */
  reopen: (accountId: string, sid: string) => Promise<{ session: OpenSession, deviceToken: string } | null>
  refresh: (claims: RefreshClaims, client: Client) => Promise<RefreshResult>
  /** False when there was no such session. */
  end: (accountId: string, sid: string, client: Client, event: EventName) => Promise<boolean>
  /** The living ones, the one seen last first. Never more than the limit per account. */
  list: (accountId: string) => Promise<SessionView[]>
  /** With nothing to keep, the trusted devices go too. */
  endAll: (accountId: string, keepSid: string, client: Client, event: EventName, actor?: string) => Promise<void>
}

export function createSessionsStore (redis: RedisClient, run: RunScript, limits: SessionLimits, deviceTokenOf: (sid: string) => string): SessionsStore {
  return {
    draft: (accountId, amr, client, oldDeviceToken, isFresh = true, sid = newId()) => {
      const key = keys.account(accountId)
      const deviceToken = deviceTokenOf(sid)
      return {
        sid,
        keys: [key.session(sid), key.sessions, key.devices],
        args: [sid, limits.perAccount, limits.idleMs, limits.absoluteMs, formatAmr(amr), client.ip, client.device,
          oldDeviceToken ? hashToken(oldDeviceToken) : '', hashToken(deviceToken), isFresh ? 1 : 0],
        deviceToken,
        toSession: (user, now) => ({
          user: readUser(accountId, user),
          sid,
          generation: 1,
          amr,
          authTime: Math.floor(now / 1000),
          idleSeconds: Math.floor(Math.min(limits.idleMs, limits.absoluteMs) / 1000)
        })
      }
    },

    open: async (accountId, credentialVersion, client, draft) => {
      const answer = await run<['ok', number, Array<string | null>] | ['stale']>('session-open',
        [keys.account(accountId).record, ...draft.keys], [credentialVersion, encodeActor(client), ...draft.args])
      return answer[0] === 'ok' ? { isKnownDevice: answer[1] === 1, user: answer[2] } : null
    },

    find: async (accountId, sid) => {
      const key = keys.account(accountId)
      const [[recentAt, amr], record] = await Promise.all([redis.hmget(key.session(sid), 'recentAt', 'amr'), redis.hmget(key.record, ...USER_FIELDS)])
      const user = readUser(accountId, record)
      return amr && user.status === 'active' ? { user, recentAt: Number(recentAt), amr: parseAmr(amr) } : null
    },

    reopen: async (accountId, sid) => {
      const key = keys.account(accountId)
      const [[generation, amr, authAt], record, idleMs] = await Promise.all([
        redis.hmget(key.session(sid), 'gen', 'amr', 'authAt'), redis.hmget(key.record, ...USER_FIELDS), redis.pttl(key.session(sid))
      ])
      const user = readUser(accountId, record)
      if (generation !== '1' || !amr || user.status !== 'active' || idleMs <= 0) return null
      const session = { user, sid, generation: 1, amr: parseAmr(amr), authTime: Math.floor(Number(authAt) / 1000), idleSeconds: Math.floor(idleMs / 1000) }
      return { session, deviceToken: deviceTokenOf(sid) }
    },

    refresh: async ({ accountId, sid, generation }, client) => {
      const key = keys.account(accountId)
      const answer = await run<
        | ['ok', number, number, string, string, Array<string | null>] | ['reused', Array<string | null>] | ['ended'] | ['ahead']
      >('session-refresh', [key.session(sid), key.record, key.sessions], [generation, GRACE_MS, limits.idleMs, limits.absoluteMs, sid, encodeActor(client), limits.epochMs])
      if (answer[0] === 'reused') return { outcome: 'reused', user: readUser(accountId, answer[1]) }
      if (answer[0] !== 'ok') return { outcome: answer[0] }
      const [, current, livesOnMs, authAt, amr, user] = answer
      return {
        outcome: 'ok',
        session: {
          user: readUser(accountId, user),
          sid,
          generation: current,
          amr: parseAmr(amr),
          authTime: Math.floor(Number(authAt) / 1000),
          idleSeconds: Math.floor(livesOnMs / 1000)
        }
      }
    },

    end: async (accountId, sid, client, event) => {
      const key = keys.account(accountId)
      const [, ended] = await run<['ok', number]>('record-end', [key.session(sid), key.sessions, key.record], [sid, encodeActor(client), event])
      return ended === 1
    },

    list: async (accountId) => {
      const key = keys.account(accountId)
      const records = await listRecords(run, key.sessions, key.session(''), limits.idleMs, limits.absoluteMs)
      return records.filter(({ createdAt }) => createdAt >= limits.epochMs).map((record) => ({ ...seen(record), amr: parseAmr(record.amr) }))
    },

    endAll: async (accountId, keepSid, client, event, actor) => {
      const key = keys.account(accountId)
      await run('sessions-end-all', [key.sessions, key.record, key.trustedBrowsers],
        [key.session(''), keepSid, encodeActor(client, actor), event, key.trustedBrowser('')])
    }
  }
}
