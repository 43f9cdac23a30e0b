import { setTimeout as sleep } from 'node:timers/promises'
import type { SignedPost } from '../platform/channels/signed-post.ts'
import { now as wallClock } from '../platform/clock.ts'
import { newId } from '../platform/ids.ts'
import type { EventType, LogEvent } from '../records/events/event.ts'
import type { EventsStore } from '../records/events/events-store.ts'
import type { EventsFeed } from '../records/events/feed-store.ts'
import type { ReceiversStore, ReceiverState } from '../records/events/receivers-store.ts'

const SECOND = 1_000
const HOUR = 3_600_000
/** After each failure in a row; the last one from then on. */
const WAITS_MS = [5 * SECOND, 30 * SECOND, 120 * SECOND, 600 * SECOND, HOUR / 2, HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR]
const TRIED_FOR_MS = 72 * HOUR
const TRY_MS = 10 * SECOND
const PORTION = 100
const GRACE_MS = 2 * SECOND
/** How often a server looks whether it may send, or may try again. */
const LOOK_MS = SECOND
const GONE = 410

export type WebhookOutcome = 'delivered' | 'failed' | 'given_up' | 'lost'

interface Dependencies {
  /** `name`: what the operator reads. */
  receivers: Array<{ url: string, name: string }>
  types: ReadonlySet<EventType> | null
  keys: Buffer[]
  events: Pick<EventsStore, 'read'>
  eventsFeed: Pick<EventsFeed, 'changed'>
  eventReceivers: ReceiversStore
  post: SignedPost
  log: { info: LogLine, warn: LogLine }
  onOutcome: (receiver: string, outcome: WebhookOutcome, count: number) => void
  now?: () => number
}

type LogLine = (facts: object, message: string) => void

/**
 * Sends the event log to the operator's receivers: to each by one server at a time, in order, one after the other, and again until it is
 * taken. So one that is slow or dead holds up nobody but itself.
 * @returns how to stop
 */
export function startWebhooks (
  { receivers, types, keys, events, eventsFeed, eventReceivers, post, log, onOutcome, now = wallClock }: Dependencies
): () => Promise<void> {
  const holder = newId()
  const closing = new AbortController()
  /** A moment after it: what is on its way may arrive, so that no other server sends it again. */
  const cutting = new AbortController()
  const pause = async (milliseconds: number): Promise<void> => {
    await sleep(milliseconds, undefined, { signal: closing.signal }).catch(() => {})
  }

  async function serve ({ url, name }: { url: string, name: string }): Promise<void> {
    // Who has it for the first time sends to a paused one again.
    let isFirst = true
    while (!closing.signal.aborted) {
      try {
        // Before it looks, so that what comes meanwhile is not missed.
        const changed = eventsFeed.changed()
        const state = await eventReceivers.take(url, holder)
        const isPaused = state !== null && state.pausedAt > 0
        if (isPaused && isFirst) await eventReceivers.keep(url, holder, { pausedAt: 0 })
        const isHeld = state === null || (isPaused && !isFirst) || state.nextTryAt > now()
        isFirst &&= state === null
        if (isHeld) await pause(LOOK_MS)
        else if (!await send(url, name, state)) await Promise.race([changed, pause(LOOK_MS)])
      } catch (error) {
        log.warn({ event: 'webhook.held_up', receiver: name, reason: String(error) }, 'webhooks wait for Redis')
        await pause(LOOK_MS)
      }
    }
    await eventReceivers.release(url, holder).catch(() => {})
  }

  /** One portion. False when that was all. */
  async function send (url: string, name: string, state: ReceiverState): Promise<boolean> {
    const { events: found, isLost } = await events.read({ after: state.after }, PORTION)
    if (isLost) {
      onOutcome(name, 'lost', 1)
      log.warn({ event: 'webhook.lost', receiver: name }, 'the log does not hold what this receiver lacks; it goes on with the oldest')
    }
    let delivered = 0
    for (const event of found) {
      if (types && !types.has(event.type)) continue
      if (!await deliver(url, name, event, state)) return true
      delivered = event.seq
      state = { ...state, failures: 0, failingSince: 0, pausedAt: 0 }
      if (closing.signal.aborted) return true
    }
    const last = found.at(-1)
    if (last && last.seq !== delivered) await eventReceivers.keep(url, holder, { after: last.seq })
    return found.length === PORTION
  }

  /** False when the receiver is not to be sent more for now. */
  async function deliver (url: string, name: string, event: LogEvent, state: ReceiverState): Promise<boolean> {
    const body = JSON.stringify(event)
    const { status, reason } = await post({ url, keys, id: event.id, body, timeoutMs: TRY_MS, signal: cutting.signal })
    if (closing.signal.aborted && status === null) return false
    if (status !== null && status >= 200 && status < 300) {
      onOutcome(name, 'delivered', 1)
      if (state.failingSince > 0) log.info({ event: 'webhook.back', receiver: name }, 'a receiver of webhooks answers again')
      return await eventReceivers.keep(url, holder, { after: event.seq, failures: 0, failingSince: 0, nextTryAt: 0, pausedAt: 0 })
    }
    onOutcome(name, 'failed', 1)
    const at = now()
    if (status === GONE) {
      log.warn({ event: 'webhook.paused', receiver: name }, 'a receiver answered 410 and is sent nothing until a server starts anew')
      await eventReceivers.keep(url, holder, { pausedAt: at })
      return false
    }
    const failingSince = state.failingSince || at
    const failures = state.failures + 1
    const waitMs = WAITS_MS[Math.min(failures, WAITS_MS.length) - 1] ?? HOUR
    log.warn({ event: 'webhook.failed', receiver: name, reason: reason ?? status, failures, waitSeconds: waitMs / SECOND },
      'a receiver of webhooks did not take an event')
    await eventReceivers.keep(url, holder, { failures, failingSince, nextTryAt: at + waitMs })
    if (at - failingSince >= TRIED_FOR_MS) await giveUp(url, name, event, at - TRIED_FOR_MS)
    return false
  }

  /** Gives up all that happened before `before`: the receiver was tried for so long, and it waited for its turn. */
  async function giveUp (url: string, name: string, first: LogEvent, before: number): Promise<void> {
    let count = 0
    for (let portion = [first]; portion.length > 0;) {
      const old = portion.filter(({ at }) => Date.parse(at) < before)
      const last = old.at(-1)
      if (!last || !await eventReceivers.keep(url, holder, { after: last.seq })) break
      count += old.length
      portion = old.length === portion.length ? (await events.read({ after: last.seq }, PORTION)).events : []
    }
    if (count === 0) return
    onOutcome(name, 'given_up', count)
    log.warn({ event: 'webhook.given_up', receiver: name, count, first: first.id }, 'events were not taken for 72 hours and are given up')
  }

  const running = receivers.map(serve)
  return async () => {
    closing.abort()
    setTimeout(() => { cutting.abort() }, GRACE_MS).unref()
    await Promise.all(running)
  }
}
