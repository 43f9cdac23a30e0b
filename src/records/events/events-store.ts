import { keys } from '../../platform/redis/keys.ts'
import type { RedisClient } from '../../platform/redis/connect.ts'
import type { RunScript } from '../../platform/redis/script.ts'
import { type EventType, isEventType, type LogEvent, toEvent } from './event.ts'
import { readEvents, trimEvents } from './event-scripts.ts'

/** However old they are. */
const LEAST_EVENTS = 100_000
const PAGE = 100
/** What a page looks through at most to find events of a rare type. */
const LOOK_THROUGH = 2_000
const TRIM_PORTION = 1_000
const MOST_PORTIONS = 50

export interface EventsPage {
  items: LogEvent[]
  /** Where to go on; null at the end of the log. */
  nextCursor: string | null
  /** Events between `after` and these are lost: the log does not hold that place any more. */
  reset?: true
}

/** Where to read from: after the event with that `seq`, or from a moment on (ISO 8601). Neither: from the oldest. */
export interface EventsFrom { after?: number | undefined, since?: string | undefined }

export interface EventsStore {
  /** A part of the log, in order. `isLost`: `after` is not in the log any more, and these are the oldest. */
  read: (from: EventsFrom, count: number) => Promise<{ events: LogEvent[], isLost: boolean }>
  /** The place of the newest; 0 while there is none. */
  end: () => Promise<number>
  page: (from: EventsFrom, types?: ReadonlySet<EventType>) => Promise<EventsPage>
  /** Drops what is too old. */
  trim: (lifeMs: number) => Promise<void>
}

export function createEventsStore (redis: RedisClient, run: RunScript): EventsStore {
  const read: EventsStore['read'] = async ({ after, since }, count) => {
    const { isLost, entries } = await run(readEvents, { log: keys.events.log },
      { after: after ? String(after) : undefined, since: since === undefined ? undefined : String(Date.parse(since) * 1000), count })
    return { isLost, events: entries.flatMap(({ id, fields }) => readEntry(id, fields)) }
  }

  return {
    read,

    end: async () => Number.parseInt((await redis.xrevrange(keys.events.log, '+', '-', 'COUNT', 1))[0]?.[0] ?? '0', 10),

    page: async (from, types) => {
      const { events, isLost } = await read(from, types ? LOOK_THROUGH : PAGE + 1)
      const wanted = types ? events.filter(({ type }) => types.has(type)) : events
      const items = wanted.slice(0, PAGE)
      const last = wanted.length > PAGE ? items.at(-1) : types && events.length === LOOK_THROUGH ? events.at(-1) : undefined
      return { items, nextCursor: last ? String(last.seq) : null, ...isLost ? { reset: true } : {} }
    },

    trim: async (lifeMs) => {
      for (let portion = 0; portion < MOST_PORTIONS; portion++) {
        const { dropped } = await run(trimEvents, { log: keys.events.log }, { lifeMs, least: LEAST_EVENTS, portion: TRIM_PORTION })
        if (dropped < TRIM_PORTION) return
      }
    }
  }
}

/** An event of a type that a newer version tells is none to this one. */
export function readEntry (id: string, { type, subject = '', number, data = '' }: Record<string, string | undefined>): LogEvent[] {
  return isEventType(type) ? [toEvent({ seq: Number.parseInt(id, 10), type, subject, number: Number(number), data })] : []
}
