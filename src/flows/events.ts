import type { EventType, LogEvent } from '../records/events/event.ts'
import type { EventsFrom, EventsPage, EventsStore } from '../records/events/events-store.ts'
import type { EventsFeed, FeedPart } from '../records/events/feed-store.ts'

/** What other services hear of accounts and sessions. */
export interface Events {
  /** A part of the log; without a place from its oldest event on. */
  page: (from: EventsFrom, types?: ReadonlySet<EventType>) => Promise<EventsPage>
  /** The same, as server-sent events, and whatever is told from then on. */
  stream: (from: EventsFrom, types?: ReadonlySet<EventType>) => AsyncGenerator<string>
}

export function createEvents ({ events, eventsFeed }: { events: Pick<EventsStore, 'page'>, eventsFeed: EventsFeed }): Events {
  // All who follow are given the same events: each is put into words once.
  const frames = new WeakMap<LogEvent, string>()
  const frameOf = (event: LogEvent): string => {
    const frame = frames.get(event) ?? `id: ${event.seq}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`
    frames.set(event, frame)
    return frame
  }
  const textOf = ({ isReset, events: found, isComplete, seq }: FeedPart): string => [
    ...isReset ? [`event: reset\ndata: ${JSON.stringify({ type: 'reset', oldest: found[0]?.seq ?? null })}\n\n`] : [],
    ...found.map(frameOf),
    // An id without data moves the place that a reader resumes from, and tells it nothing.
    ...isComplete ? [`: heartbeat\n${seq > 0 ? `id: ${seq}\n` : ''}\n`] : []
  ].join('')

  return {
    page: events.page,
    stream: async function * (from, types) {
      for await (const part of eventsFeed.follow(from, types)) yield textOf(part)
    }
  }
}
