import { isRecord } from './claims.ts'
import type { FeedEvent } from './endings.ts'

/** Without a heartbeat for so long the feed is lost. The server sends one a second. */
const LOST_MS = 3_000
const CONNECT_TIMEOUT_MS = 5_000
const LONGEST_LINE = 65_536
const FIRST_WAIT_MS = 100
const LONGEST_WAIT_MS = 2_000
const TYPES = 'account.disabled,account.deleted,session.started,session.ended,sessions.ended'

export interface Feed {
  /** Whether everything that the server has told until a moment ago has been read. */
  isCurrent: () => boolean
  /** Whether it ever was. */
  wasCurrent: () => boolean
  /** Resolves once it is; rejects when `milliseconds` have passed. */
  current: (milliseconds: number) => Promise<void>
  close: () => void
}

interface Options {
  issuer: string
  serviceKey: string
  /** Where to begin: what is told since then. */
  sinceMs: number
  onEvent: (event: FeedEvent) => void
  /** Some events are lost. */
  onReset: () => void
  onState: (state: 'current' | 'lost') => void
  onError: (error: unknown) => void
}

/** Follows the server's events, and goes on where it was after every break. */
export function createFeed ({ issuer, serviceKey, sinceMs, onEvent, onReset, onState, onError }: Options): Feed {
  const closing = new AbortController()
  const waiting = new Set<() => void>()
  let heartbeatAt = -Infinity
  let lastId: string | null = null
  let isTold = false

  const isCurrent = (): boolean => performance.now() - heartbeatAt <= LOST_MS

  function tell (isNowCurrent: boolean): void {
    if (isNowCurrent === isTold) return
    isTold = isNowCurrent
    onState(isNowCurrent ? 'current' : 'lost')
  }

  function beat (): void {
    // A loss that the watch has not seen yet is told, too.
    tell(isCurrent())
    heartbeatAt = performance.now()
    tell(true)
    for (const resolve of waiting) resolve()
    waiting.clear()
  }

  function take ({ event, id, data }: { event: string, id: string | null, data: string }): void {
    if (event === 'reset') onReset()
    else if (event === 'heartbeat') beat()
    else if (data !== '') {
      const parsed: unknown = JSON.parse(data)
      if (!isRecord(parsed)) throw new Error('The event stream sends something else than events.')
      const { type, subject, at, data: details } = parsed
      onEvent({ type: String(type), subject: String(subject), atMs: Date.parse(String(at)), data: isRecord(details) ? details : {} })
    }
    // Only what was taken is not asked for again.
    if (id !== null) lastId = id
  }

  async function follow (): Promise<void> {
    const silence = new AbortController()
    let timer = setTimeout(() => { silence.abort(new Error('The event stream does not answer.')) }, CONNECT_TIMEOUT_MS)
    try {
      const answer = await fetch(`${issuer}/events?${new URLSearchParams({ types: TYPES, since: new Date(sinceMs).toISOString() })}`, {
        headers: {
          accept: 'text/event-stream', authorization: `Bearer ${serviceKey}`, ...(lastId === null ? {} : { 'last-event-id': lastId })
        },
        redirect: 'error',
        signal: AbortSignal.any([closing.signal, silence.signal])
      })
      if (!answer.ok || !answer.body) throw new Error(`The event stream answers ${answer.status}: ${(await answer.text()).slice(0, 500)}`)
      const read = createReader(take, beat)
      const chunks: AsyncIterable<Uint8Array> = answer.body
      for await (const chunk of chunks) {
        clearTimeout(timer)
        timer = setTimeout(() => { silence.abort(new Error('The event stream is silent.')) }, LOST_MS)
        read(chunk)
      }
      throw new Error('The event stream has ended.')
    } finally {
      clearTimeout(timer)
    }
  }

  async function run (): Promise<void> {
    let waitMs = FIRST_WAIT_MS
    while (!closing.signal.aborted) {
      const startedAt = performance.now()
      await follow().catch((error: unknown) => { if (!closing.signal.aborted) onError(error) })
      if (heartbeatAt > startedAt) waitMs = FIRST_WAIT_MS
      // Not all at once, when a server comes back.
      await pause(waitMs * (0.5 + Math.random() / 2), closing.signal)
      waitMs = Math.min(LONGEST_WAIT_MS, waitMs * 2)
    }
  }

  run().catch(onError)
  const watch = setInterval(() => { tell(isCurrent()) }, 500)
  watch.unref()

  return {
    isCurrent,
    wasCurrent: () => heartbeatAt !== -Infinity,
    current: async (milliseconds) => {
      if (isCurrent()) return
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(done)
          reject(new Error('The event stream was not reached in time.'))
        }, milliseconds)
        const done = (): void => {
          clearTimeout(timer)
          resolve()
        }
        waiting.add(done)
      })
    },
    close: () => {
      clearInterval(watch)
      closing.abort()
    }
  }
}

/** Takes the stream apart (WHATWG HTML, section 9.2). A comment is a sign of life like a heartbeat. */
function createReader (take: (event: { event: string, id: string | null, data: string }) => void, beat: () => void) {
  const decoder = new TextDecoder()
  let rest = ''
  let [event, data, id]: [string, string[], string | null] = ['', [], null]
  return (chunk: Uint8Array): void => {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    if (rest.length > LONGEST_LINE) throw new Error('The event stream sends a line without end.')
    for (const raw of lines) {
      const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw
      if (line === '') {
        if (event !== '' || data.length > 0 || id !== null) take({ event, id, data: data.join('\n') })
        ;[event, data, id] = ['', [], null]
        continue
      }
      const colon = line.indexOf(':')
      const name = colon < 0 ? line : line.slice(0, colon)
      const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '')
      if (name === '') beat()
      else if (name === 'event') event = value
      else if (name === 'data') data.push(value)
      else if (name === 'id') id = value
    }
  }
}

async function pause (milliseconds: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, milliseconds)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    }, { once: true })
  })
}
