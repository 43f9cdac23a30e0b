import { createHash } from 'node:crypto'
import type { RedisClient } from '../../platform/redis/connect.ts'
import { keys } from '../../platform/redis/keys.ts'
import { defineScript, integer, pairs, type RunScript, text } from '../../platform/redis/script.ts'

/** Longer than one try may take. Another server goes on after this time. */
export const LEASE_MS = 15_000
/** What is known of a receiver that is in nobody's settings any more. */
const LIFE_MS = 30 * 86_400_000

const takeReceiver = defineScript(new URL('./receiver-take.lua', import.meta.url), {
  keys: ['receiver', 'log'],
  args: { holder: text, leaseMs: integer, lifeMs: integer },
  answers: { ok: { after: integer, failures: integer, failingSince: integer, nextTryAt: integer, pausedAt: integer }, taken: {} }
})

const keepReceiver = defineScript(new URL('./receiver-keep.lua', import.meta.url), {
  keys: ['receiver'],
  args: { holder: text, leaseMs: integer },
  rest: { fields: pairs },
  answers: { ok: {}, taken: {} }
})

/** Times in milliseconds since 1970; 0: never. */
export interface ReceiverState {
  /** It has everything up to this `seq`. */
  after: number
  /** In a row. */
  failures: number
  failingSince: number
  nextTryAt: number
  /** It answered 410. */
  pausedAt: number
}

/** Receivers of webhooks, by their URL, which may hold a secret and is not kept. */
export interface ReceiversStore {
  /** Null while another server sends to it. */
  take: (url: string, holder: string) => Promise<ReceiverState | null>
  /** False when another server has it by now. */
  keep: (url: string, holder: string, change: Partial<ReceiverState>) => Promise<boolean>
  /** For another server to go on with at once. */
  release: (url: string, holder: string) => Promise<void>
}

const keyOf = (url: string): string => keys.events.receiver(createHash('sha256').update(url).digest('base64url').slice(0, 22))

export function createReceiversStore (run: RunScript): ReceiversStore {
  const keep = async (url: string, holder: string, change: Partial<ReceiverState>, leaseMs = LEASE_MS): Promise<boolean> =>
    (await run(keepReceiver, { receiver: keyOf(url) }, { holder, leaseMs, fields: { leaseMs, ...change } })).outcome === 'ok'
  return {
    take: async (url, holder) => {
      const answer = await run(takeReceiver, { receiver: keyOf(url), log: keys.events.log }, { holder, leaseMs: LEASE_MS, lifeMs: LIFE_MS })
      return answer.outcome === 'ok' ? answer : null
    },
    keep: async (url, holder, change) => await keep(url, holder, change),
    release: async (url, holder) => { await keep(url, holder, {}, 0) }
  }
}

export type ReceiverView = Pick<ReceiverState, 'failingSince' | 'pausedAt'> & { lagMs: number }

/** How it is with a receiver, for metrics and the doctor; null when no server has sent to it yet. `lagMs`: of the oldest that it lacks. */
export async function lookAtReceiver (
  redis: RedisClient, url: string, now: number
): Promise<ReceiverView | null> {
  const [after, failingSince, pausedAt] = await redis.hmget(keyOf(url), 'after', 'failingSince', 'pausedAt')
  if (!after) return null
  const [oldest] = await redis.xrange(keys.events.log, `(${after}-0`, '+', 'COUNT', 1)
  const lagMs = oldest ? Math.max(0, now - Math.floor(Number.parseInt(oldest[0], 10) / 1000)) : 0
  return { failingSince: Number(failingSince ?? 0), pausedAt: Number(pausedAt ?? 0), lagMs }
}
