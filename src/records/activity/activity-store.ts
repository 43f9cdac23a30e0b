import { keys } from '../../platform/redis/keys.ts'
import type { RunScript } from '../../platform/redis/scripts.ts'
import type { Client } from '../sessions/session.ts'
import { encodeActor, type EventName } from './activity.ts'

const PAGE = 50

/** One event as people read it. */
export interface ActivityItem {
  id: string
  /** ISO 8601, UTC. */
  at: string
  event: EventName
  result: string
  /** Which proof it was about; null where there was none. */
  factor: string | null
  ip: string
  device: string
  /** Who did it: the owner (or whoever had their password or session), or an admin. */
  actor: 'self' | 'admin'
}

/** What happened without changing the account; a change is recorded by the script that makes it. */
export interface Occurrence { event: EventName, result: string, factor?: string }

export interface ActivityStore {
  /** Takes the same steps where there is no account. */
  record: (accountId: string, client: Client, occurrence: Occurrence) => Promise<void>
  /** A page of an account's log, newest first; `cursor` is the `nextCursor` of the page before. */
  listFor: (accountId: string, cursor?: string, limit?: number) => Promise<{ items: ActivityItem[], nextCursor: string | null }>
}

export function createActivityStore (run: RunScript): ActivityStore {
  return {
    record: async (accountId, client, { event, result, factor = '' }) => {
      await run('activity-add', [keys.account(accountId).record], [encodeActor(client), event, result, factor])
    },

    listFor: async (accountId, cursor, limit = PAGE) => {
      // One more than asked for tells whether there is another page.
      const entries = await run<Array<[string, string[]]>>('activity-list', [keys.account(accountId).activity], [cursor ? `(${cursor}` : '+', limit + 1])
      const items = entries.slice(0, limit).map(([id, pairs]) => readItem(id, pairs))
      return { items, nextCursor: entries.length > limit ? items.at(-1)?.id ?? null : null }
    }
  }
}

function readItem (id: string, pairs: string[]): ActivityItem {
  const fields = new Map<string, string>()
  for (let i = 0; i < pairs.length; i += 2) fields.set(pairs[i] ?? '', pairs[i + 1] ?? '')
  const field = (name: string): string => fields.get(name) ?? ''
  return {
    id,
    at: new Date(Number(id.split('-')[0])).toISOString(),
    event: field('event') as EventName,
    result: field('result'),
    factor: field('factor') || null,
    ip: field('ip'),
    device: field('device'),
    actor: field('actor') ? 'admin' : 'self'
  }
}
