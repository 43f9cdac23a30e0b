import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { Config, RedisTarget } from '../config/config.ts'
import type { MailOutcome } from '../metrics/metrics.ts'
import type { MailLog } from './delivery.ts'
import type { OutboxJob } from './outbox.ts'

/** A closed outbox worker has given its mails up to 5 s, and says so itself. */
const CLOSE_WITHIN_MS = 8_000
const RESTART_MS = 1_000
// Its garbage is short-lived and small.
const LIMITS = { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 128 }

/** What the thread is given at its start. */
export interface MailThreadData { config: Config, redisTarget: RedisTarget, smtpUrl: string, secret: string }

/** From the thread. */
export type FromMailThread<Job extends OutboxJob> =
  | { kind: 'log', level: keyof MailLog, facts: object, message: string }
  | { kind: 'settled', job: Job, outcome: MailOutcome, delaySeconds: number }
  /** How the last mail went. */
  | { kind: 'state', state: MailState }

export type MailState = 'up' | 'away'

/** To the thread: the only message there is. */
export const CLOSE = 'close'

export interface MailThread { close: () => Promise<void> }

interface Options<Job extends OutboxJob> {
  entry: URL
  data: MailThreadData
  log: MailLog
  receive: (message: Exclude<FromMailThread<Job>, { kind: 'log' }>) => void
}

/**
 * Sends mail in a thread of its own: no request waits while one is rendered and handed over, and no answer's time tells whether a mail
 * is on its way. A thread that dies is replaced; what it had in hand goes out again.
 */
export function startMailThread<Job extends OutboxJob> ({ entry, data, log, receive }: Options<Job>): MailThread {
  const isSource = entry.pathname.endsWith('.ts')
  let isClosing = false
  let restarting: NodeJS.Timeout | undefined
  let thread = start()

  function start (): Worker {
    // A test runner's loaders take seconds of each start; the environment was read before.
    const worker = new Worker(isSource ? fromSource(entry) : entry, {
      workerData: data, env: {}, execArgv: [], eval: isSource, resourceLimits: LIMITS
    })
    worker.on('message', (message: FromMailThread<Job>) => {
      if (message.kind === 'log') log[message.level](message.facts, message.message)
      else receive(message)
    })
    let reason = 'it ended'
    worker.on('error', (error) => { reason = error.message })
    worker.on('exit', () => {
      if (isClosing) return
      log.error({ event: 'mail.worker_died', reason }, 'the mail worker died and is replaced')
      restarting = setTimeout(() => { thread = start() }, RESTART_MS)
    })
    return worker
  }

  return {
    close: async () => {
      isClosing = true
      clearTimeout(restarting)
      if (thread.threadId === -1) return
      const ended = once(thread, 'exit')
      const late = setTimeout(() => { thread.terminate().catch(() => {}) }, CLOSE_WITHIN_MS)
      thread.postMessage(CLOSE)
      await ended
      clearTimeout(late)
    }
  }
}

/** tsx leaves threads alone unless it is asked there. */
const fromSource = ({ href }: URL): string =>
  `import('${import.meta.resolve('tsx/esm/api')}').then(({ register }) => { register(); return import('${href}') })`
