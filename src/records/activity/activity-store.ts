import { keys } from '../../platform/redis/keys.ts'
import { defineScript, integer, listOf, oneOf, pairs, type RunScript, text, tuple } from '../../platform/redis/script.ts'
import { type Actor, actor, parseActor } from './actor.ts'
import { type EventName, EVENTS } from './activity.ts'

const PAGE = 50

const addActivity = defineScript(new URL('./activity-add.lua', import.meta.url), {
  keys: ['account'],
  args: { actor, event: text, result: text, factor: text },
  answers: { ok: {} },
  tells: 'it changed nothing of the account'
})

const listActivity = defineScript(new URL('./activity-list.lua', import.meta.url), {
  keys: ['activity'],
  args: { from: text, count: integer },
  answers: { ok: { entries: listOf(tuple({ id: text, fields: pairs })) } }
})

/** One event as people read it. */
export interface ActivityItem {
  id: string
  /** ISO 8601, UTC. */
  at: string
  event: EventName
  result: string
  /** How often, if not once: wrong passwords within a day of each other, at the time and place of the last. */
  times?: number
  /** Which proof it was about; null where there was none. */
  factor: string | null
  ip: string
  device: string
  /** Who did it: `self` (the owner, or whoever had their password or session), `admin`, or the name of a service key. */
  actor: string
}

export interface ActivityStore {
  /** Writes an event that changed nothing of the account; whatever changes it writes its event in the same script. */
  add: (accountId: string, by: Actor, event: { event: EventName, result: string, factor?: string }) => Promise<void>
  /** A page of an account's log, newest first; `cursor` is the `nextCursor` of the page before. */
  listFor: (accountId: string, cursor?: string, limit?: number) => Promise<{ items: ActivityItem[], nextCursor: string | null }>
}

export function createActivityStore (run: RunScript): ActivityStore {
  return {
    add: async (accountId, by, { event, result, factor = '' }) => {
      await run(addActivity, { account: keys.account(accountId).record }, { actor: by, event, result, factor })
    },

    listFor: async (accountId, cursor, limit = PAGE) => {
      // One more than asked for tells whether there is another page.
      const { entries } = await run(listActivity,
        { activity: keys.account(accountId).activity }, { from: cursor ? `(${cursor}` : '+', count: limit + 1 })
      const items = entries.slice(0, limit).map(({ id, fields }) => readItem(id, fields))
      return { items, nextCursor: entries.length > limit ? items.at(-1)?.id ?? null : null }
    }
  }
}

const eventName = oneOf(EVENTS)

type Fields = Record<string, string | undefined>

const KEY_PREFIX = 'key:'

function actorWord (kept: string): string {
  const [by] = parseActor(kept)
  if (by === '') return 'self'
  return by.startsWith(KEY_PREFIX) ? by.slice(KEY_PREFIX.length) : 'admin'
}

const readItem = (id: string, { event, result = '', times, factor, ip = '', device = '', actor: kept = '' }: Fields): ActivityItem => ({
  id,
  at: new Date(Number(id.split('-')[0])).toISOString(),
  event: eventName.decode(event),
  result,
  ...(times === undefined ? {} : { times: Number(times) }),
  factor: factor || null,
  ip,
  device,
  actor: actorWord(kept)
})
