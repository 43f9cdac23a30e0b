import { Type } from '@sinclair/typebox'
import { now } from '../../platform/clock.ts'
import { readJson } from '../../platform/json.ts'
import type { RedisClient } from '../../platform/redis/connect.ts'
import { keys } from '../../platform/redis/keys.ts'
import { defineScript, integer, list, type RunScript, text } from '../../platform/redis/script.ts'
import { type EventName, EVENTS } from '../activity/activity.ts'
import { parseActor } from '../activity/actor.ts'

const LIFE_MS = 180 * 86_400_000
const PAGE = 50
/** An operation that is not settled by then belongs to a server that died with it. */
const UNDER_WAY_MS = 10_000
/** Where a crashed operation would stand in the account's own log: hardly anything follows it within the time that people need to look. */
const RECENT_EVENTS = 100

const begin = defineScript(new URL('./admin-log-begin.lua', import.meta.url), {
  keys: ['intents'],
  args: { operation: text, entry: text },
  answers: { ok: {} }
})

const settle = defineScript(new URL('./admin-log-settle.lua', import.meta.url), {
  keys: ['intents', 'log'],
  args: { operation: text, lifeMs: integer },
  rest: { actions: list },
  answers: { ok: {}, settled: {} }
})

const Entry = Type.Object({
  at: Type.Integer(),
  aim: Type.String(),
  actor: Type.Object({
    kind: Type.Union([Type.Literal('admin'), Type.Literal('key'), Type.Literal('cli')]), id: Type.String(), name: Type.String()
  }),
  accountId: Type.String(),
  ip: Type.String(),
  device: Type.String(),
  reason: Type.Optional(Type.String())
})

/** Who did it: an admin, another service by its key, or the command line of this machine. */
export interface AdminLogActor { kind: 'admin' | 'key' | 'cli', id: string, name: string }

export interface AdminLogEntry {
  /** Milliseconds since the epoch. */
  at: number
  /** The event that the operation is to become. */
  aim: EventName
  actor: AdminLogActor
  accountId: string
  ip: string
  device: string
  /** Why an account was disabled, in the admin's words. */
  reason?: string
}

export interface AdminLogItem extends Omit<AdminLogEntry, 'at' | 'aim'> {
  /** ISO 8601, UTC. */
  at: string
  action: EventName
}

/** What admins, services and the command line did to accounts. An account's own log lies with it; this one outlives the account. */
export interface AdminLogStore {
  begin: (operation: string, entry: AdminLogEntry) => Promise<void>
  /** What was done; nothing, when it was refused. */
  settle: (operation: string, actions: EventName[]) => Promise<void>
  /** Newest first; `cursor` is the `nextCursor` of the page before. What a crash left open is looked up and settled. */
  list: (cursor?: string) => Promise<{ items: AdminLogItem[], nextCursor: string | null }>
}

export function createAdminLogStore (redis: RedisClient, run: RunScript): AdminLogStore {
  const { adminIntents: intents, adminActivity: log } = keys

  async function settleOne (operation: string, actions: EventName[]): Promise<void> {
    await run(settle, { intents, log }, { operation, lifeMs: LIFE_MS, actions })
  }

  /** What the account says of an operation. */
  async function actionsOf (operation: string, accountId: string, aim: string): Promise<EventName[]> {
    const key = keys.account(accountId)
    if (aim === 'account_deleted') return await redis.hget(key.record, 'status') === null ? [aim] : []
    const entries = await redis.xrevrange(key.activity, '+', '-', 'COUNT', RECENT_EVENTS)
    return entries.flatMap(([, fields]) => {
      const [, event] = fields
      const [, found] = parseActor(fields[fields.indexOf('actor') + 1] ?? '')
      const known = EVENTS.find((one) => one === event)
      return found === operation && known ? [known] : []
    }).toReversed()
  }

  async function settleWhatWasLeft (): Promise<void> {
    const left = Object.entries(await redis.hgetall(intents))
    await Promise.all(left.map(async ([operation, json]) => {
      const { at, accountId, aim } = readJson(Entry, json)
      if (now() - at > UNDER_WAY_MS) await settleOne(operation, await actionsOf(operation, accountId, aim))
    }))
  }

  return {
    begin: async (operation, entry) => { await run(begin, { intents }, { operation, entry: JSON.stringify(entry) }) },
    settle: settleOne,

    list: async (cursor) => {
      await settleWhatWasLeft()
      const from = cursor ? `(${cursor}` : '+'
      const found = await redis.xrevrange(log, from, String(now() - LIFE_MS), 'COUNT', PAGE + 1)
      const items = found.slice(0, PAGE).flatMap(([, [, json = '', , action]]) => {
        const known = EVENTS.find((one) => one === action)
        const { at, aim: _aim, ...entry } = readJson(Entry, json)
        return known ? [{ ...entry, at: new Date(at).toISOString(), action: known }] : []
      })
      return { items, nextCursor: found.length > PAGE ? found[PAGE - 1]?.[0] ?? null : null }
    }
  }
}
