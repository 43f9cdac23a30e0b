import { setTimeout as sleep } from 'node:timers/promises'
import { now } from '../../platform/clock.ts'
import { inTime } from '../../platform/redis/deadline.ts'
import type { RedisClient } from '../../platform/redis/connect.ts'
import { keys } from '../../platform/redis/keys.ts'
import { pairs } from '../../platform/redis/script.ts'
import type { EventType, LogEvent } from './event.ts'
import { type EventsFrom, type EventsStore, readEntry } from './events-store.ts'

/** So many of the newest are kept in memory, for all who follow. */
const MOST_RECENT = 1_000
const PORTION = 500
const BEAT_MS = 1_000
/** A server that is frozen would keep a blocked read for good. */
const FROZEN_MS = 2_500
const RETRY_MS = 200
const IDLE_MS = 60_000

/** What a reader is given next. */
export interface FeedPart {
  /** Events before these were lost: they are the oldest that are kept. */
  isReset: boolean
  events: LogEvent[]
  /** The reader has all that there is. Said once it has, and from then on every second, as long as Redis answers. */
  isComplete: boolean
  /** Up to where the reader has everything, also where nothing of it was wanted. */
  seq: number
}

export interface EventsFeed {
  /** The log from a place on, and whatever is told from then on. Ends with the feed. */
  follow: (from: EventsFrom, types?: ReadonlySet<EventType>) => AsyncGenerator<FeedPart>
  /** Resolves when there may be something new: at most a second later, while Redis answers. */
  changed: () => Promise<void>
  /** How many follow. */
  followers: () => number
  close: () => void
}

interface Dependencies {
  events: Pick<EventsStore, 'read' | 'end'>
  /** A connection that may block. */
  open: () => RedisClient
}

/** One blocking read of the log per process, however many follow it. Each of them is given what it takes: nothing is queued for it. */
export function createEventsFeed ({ events, open }: Dependencies): EventsFeed {
  let recent: LogEvent[] = []
  /** Where `recent` begins (after it) and ends; undefined while nobody has looked. */
  let start: number | undefined
  let end = 0
  let beat = 0
  let users = 0
  let followers = 0
  let isClosed = false
  let isRunning = false
  let wake = (): void => {}
  let next = new Promise<void>((resolve) => { wake = resolve })

  function tick (): void {
    wake()
    next = new Promise((resolve) => { wake = resolve })
  }

  const changed = async (): Promise<void> => {
    users++
    run()
    await next
    users--
  }

  function run (): void {
    if (isRunning || isClosed) return
    isRunning = true
    const client = open()
    client.on('error', () => {})
    // What was read on one connection tells nothing of the server behind the next: it may have been put back from a backup.
    client.on('close', () => { start = undefined })
    const ended = (): void => {
      isRunning = false
      start = undefined
      client.disconnect()
      if (users > 0) run()
      else tick()
    }
    read(client).then(ended, ended)
  }

  async function read (client: RedisClient): Promise<void> {
    await inTime(client.connect(), FROZEN_MS).catch(() => {})
    for (let idleAt = now(); now() < idleAt + IDLE_MS;) {
      if (isClosed) return
      if (users > 0) idleAt = now()
      try {
        if (start === undefined) {
          end = await events.end()
          start = end
          recent = []
        }
        const toNextBeat = Math.max(10, BEAT_MS - now() % BEAT_MS)
        const found = await inTime(client.xread('COUNT', PORTION, 'BLOCK', toNextBeat, 'STREAMS', keys.events.log, `${end}-0`), FROZEN_MS)
        if (start === undefined) continue
        take(found?.[0]?.[1] ?? [])
        beat = Math.floor(now() / BEAT_MS)
        tick()
      } catch {
        start = undefined
        await sleep(RETRY_MS)
        return
      }
    }
  }

  function take (entries: Array<[id: string, fields: string[]]>): void {
    for (const [id, fields] of entries) {
      recent.push(...readEntry(id, pairs.decode(fields)))
      end = Number.parseInt(id, 10)
    }
    if (recent.length > 2 * MOST_RECENT) {
      recent = recent.slice(-MOST_RECENT)
      start = (recent[0]?.seq ?? end) - 1
    }
  }

  async function look (from: EventsFrom): Promise<{ events: LogEvent[], isLost: boolean }> {
    const { after } = from
    if (after === undefined || start === undefined || after < start || after > end) return await events.read(from, PORTION)
    // The newest are asked for most: from the end.
    let first = recent.length
    while (first > 0 && (recent[first - 1]?.seq ?? 0) > after) first--
    // A place within that is none of ours is judged by the log.
    const isKnown = after === start || recent[first - 1]?.seq === after || after === end
    return isKnown ? { events: recent.slice(first, first + PORTION), isLost: false } : await events.read(from, PORTION)
  }

  async function * follow (from: EventsFrom, types?: ReadonlySet<EventType>): AsyncGenerator<FeedPart> {
    users++
    followers++
    run()
    try {
      let toldBeat = -1
      // Nothing from the moment that was asked for on: then from what is the end before that is read.
      const known = await events.end()
      for (;;) {
        const waiting = next
        const part = await look(from).catch(() => null)
        if (part === null) {
          await sleep(RETRY_MS)
          if (isClosed) return
          continue
        }
        const { events: found, isLost } = part
        const wanted = types ? found.filter(({ type }) => types.has(type)) : found
        const seq = found.at(-1)?.seq ?? from.after ?? known
        from = { after: isLost && found.length === 0 ? 0 : seq }
        const isComplete = found.length < PORTION
        const isBeat = isComplete && beat !== toldBeat
        if (isBeat) toldBeat = beat
        if (isLost || wanted.length > 0 || isBeat) yield { isReset: isLost, events: wanted, isComplete: isBeat, seq: from.after ?? seq }
        if (isClosed) return
        if (isComplete) await waiting
      }
    } finally {
      users--
      followers--
    }
  }

  return {
    follow,
    changed,
    followers: () => followers,
    close: () => {
      isClosed = true
      tick()
    }
  }
}
