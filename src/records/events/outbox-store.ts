import { now } from '../../platform/clock.ts'
import { newId } from '../../platform/ids.ts'
import { inTime } from '../../platform/redis/deadline.ts'
import type { RedisClient } from '../../platform/redis/connect.ts'
import { accountIdOf, keys } from '../../platform/redis/keys.ts'
import { scanAll } from '../../platform/redis/scan.ts'
import type { RunScript, Telling } from '../../platform/redis/script.ts'
import { moveEvents, trimOutbox } from './event-scripts.ts'

const PORTION = 500
const AT_ONCE = 50
const SEARCH_AFTER_MS = 5_000
const SWEEP_MS = 1_000
/** A change whose answer nobody got may still be made, by a server that was frozen. */
const LATE_MS = 60_000
/** Two servers of a Cluster may disagree about the time by a minute, and a move takes less than another. */
const DOUBT_MS = 120_000
/** A change does not wait longer for the log. */
const ANNOUNCE_MS = 200

/** Moves events out of the outboxes of accounts into the log: on a Cluster, where no script can write to both. */
export interface EventsRelay extends Telling {
  /** Moves what servers that died have left: what was announced, or with `all` whatever lies in any outbox. */
  sweep: (reach?: 'announced' | 'all') => Promise<void>
  untoldSeconds: () => Promise<number>
  /** Sweeps every second from now on, and once through everything: a server may have died that could not announce its change. */
  watch: () => void
  /** Waits for moves under way. */
  close: () => Promise<void>
}

export function createEventsRelay (redis: RedisClient, run: RunScript): EventsRelay {
  const { log, moved, announced } = keys.events
  /** By account: announcements of changes that are made, for the next move. */
  const waiting = new Map<string, string[]>()
  const moving = new Map<string, Promise<void>>()
  const timers: NodeJS.Timeout[] = []
  let awayUntil = 0
  let retry: NodeJS.Timeout | undefined

  async function empty (accountId: string, announcements: string[]): Promise<void> {
    const outbox = keys.account(accountId).events
    for (let left = 1; left > 0;) {
      const entries = await redis.lrange(outbox, 0, PORTION - 1)
      if (entries.length === 0 && announcements.length === 0) return
      await run(moveEvents, { log, moved, announced },
        { subject: accountId, doubtMs: DOUBT_MS, announcements: announcements.join(' '), entries })
      announcements = []
      left = entries.length === 0 ? 0 : (await run(trimOutbox, { outbox }, { number: Number.parseInt(entries.at(-1) ?? '', 10) })).left
    }
  }

  /** One move of an account at a time; what comes meanwhile waits for the next. */
  async function move (accountId: string): Promise<void> {
    const running = moving.get(accountId)
    if (running) return await running
    if (!waiting.has(accountId)) return
    const work = (async () => {
      try {
        for (let found = waiting.get(accountId); found; found = waiting.get(accountId)) {
          waiting.delete(accountId)
          await empty(accountId, found).catch((error: unknown) => {
            waiting.set(accountId, [...found ?? [], ...waiting.get(accountId) ?? []])
            throw error
          })
        }
      } finally {
        moving.delete(accountId)
      }
    })()
    moving.set(accountId, work)
    await work
  }

  const wake = (accountId: string, announcements: string[]): Promise<void> => {
    waiting.set(accountId, [...waiting.get(accountId) ?? [], ...announcements])
    return move(accountId)
  }

  /** The log is away: again in a moment, as nobody else knows of a change that could not be announced. */
  const later = (): void => {
    retry ??= setTimeout(() => {
      retry = undefined
      for (const accountId of waiting.keys()) move(accountId).catch(later)
    }, SWEEP_MS).unref()
  }

  const relay: EventsRelay = {
    announce: async (accountId) => {
      const announcement = `${accountId}:${newId()}`
      if (now() < awayUntil) return announcement
      await inTime(redis.zadd(announced, now(), announcement), ANNOUNCE_MS).catch(() => { awayUntil = now() + SWEEP_MS })
      return announcement
    },

    told: (accountId, announcement) => { wake(accountId, announcement === undefined ? [] : [announcement]).catch(later) },

    sweep: async (reach = 'announced') => {
      if (reach === 'all') {
        for await (const names of scanAll(redis, keys.account('*').events)) {
          await Promise.allSettled(names.map(async (name) => { await wake(accountIdOf(name), []) }))
        }
        return
      }
      const found = await redis.zrangebyscore(announced, '-inf', now() - SWEEP_MS, 'WITHSCORES')
      const old = new Map<string, string[]>()
      for (let i = 0; i < found.length; i += 2) {
        const [announcement = '', at] = found.slice(i, i + 2)
        const accountId = announcement.slice(0, announcement.indexOf(':'))
        const isLate = Number(at) < now() - LATE_MS
        old.set(accountId, [...old.get(accountId) ?? [], ...isLate ? [announcement] : []])
      }
      const all = [...old]
      while (all.length > 0) await Promise.allSettled(all.splice(0, AT_ONCE).map(async (found) => { await wake(...found) }))
    },

    watch: () => {
      let isSweeping = false
      const sweep = (reach?: 'all'): void => {
        if (isSweeping) return
        isSweeping = true
        // Redis is away: it is looked at again in a second.
        relay.sweep(reach).catch(() => {}).finally(() => { isSweeping = false })
      }
      timers.push(setInterval(sweep, SWEEP_MS).unref(), setTimeout(sweep, SEARCH_AFTER_MS, 'all').unref())
    },

    untoldSeconds: async () => {
      const [, at] = await redis.zrange(announced, '0', '0', 'WITHSCORES')
      return at === undefined ? 0 : Math.max(0, (now() - Number(at)) / 1000)
    },

    close: async () => {
      timers.forEach((timer) => { clearInterval(timer) })
      await Promise.allSettled(moving.values())
      clearTimeout(retry)
    }
  }
  return relay
}
