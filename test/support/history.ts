import { EventEmitter, once } from 'node:events'
import type { Answer } from './browser.ts'

/** Done, refused and not done, or nobody knows: there was no answer, or a 503, which may come after the deed. */
export type Outcome = 'ok' | 'refused' | 'unknown'

export interface Entry { operation: string, outcome: Outcome, code: string, startedAt: number, endedAt: number }

interface Expected {
  /** What counts as done; a 2xx unless told. */
  isDone?: (answer: Answer) => boolean
  /** Codes of refusals that are in order here, asked when the answer is there. */
  refusals?: () => string[]
}

/** What was asked of a server while it was broken on purpose, and what must not have happened. */
export class History {
  readonly entries: Entry[] = []
  readonly violations: string[] = []
  /** Operations answered with success whose truth was looked at afterwards. */
  checked = 0
  readonly recoveriesMs: number[] = []
  readonly #events = new EventEmitter().setMaxListeners(0)

  /** Asks and writes down what came of it, here and in `log`. Any other refusal than a 503 that says when to come back must be expected. */
  async ask (
    log: Entry[],
    operation: string,
    send: () => Promise<Answer>,
    { isDone = ({ status }) => status < 300, refusals = () => [] }: Expected = {}
  ): Promise<{ answer: Answer | null; outcome: Outcome }> {
    const startedAt = performance.now()
    const answer = await send().catch(() => null)
    const code = String(answer?.body['code'] ?? '')
    const isAway = answer?.status === 503 && code === 'SERVICE_UNAVAILABLE' && Number(answer.headers['retry-after']) >= 1
    const outcome: Outcome = !answer || isAway ? 'unknown' : isDone(answer) ? 'ok' : 'refused'
    if (answer && outcome === 'refused' && !refusals().includes(code)) this.violations.push(`${operation}: ${answer.status} ${answer.text}`)
    const entry = { operation, outcome, code, startedAt, endedAt: performance.now() }
    this.entries.push(entry)
    log.push(entry)
    this.#events.emit(isAway ? 'unavailable' : outcome)
    return { answer, outcome }
  }

  /** Resolves when so many more requests were done. */
  async successes (count: number): Promise<void> {
    for (let seen = 0; seen < count; seen++) await once(this.#events, 'ok')
  }

  /** Resolves at the next 503. */
  async unavailable (): Promise<void> {
    await once(this.#events, 'unavailable')
  }

  /** Waits for the first success after `back`, and keeps how long both took. */
  async recovery (back: () => Promise<unknown>): Promise<void> {
    const startedAt = performance.now()
    await back()
    await this.successes(1)
    this.recoveriesMs.push(performance.now() - startedAt)
  }

  /** But for `reads`, nothing may have been granted that was asked and answered between these moments, when what decides was away (I9). */
  nothingDoneBetween (from: number, until: number, reads: string[] = []): void {
    for (const { operation, outcome, startedAt, endedAt } of this.entries) {
      if (outcome === 'ok' && startedAt >= from && endedAt <= until && !reads.includes(operation)) {
        this.violations.push(`${operation} was granted while Redis was away`)
      }
    }
  }

  hold (isTrue: boolean, claim: string): void {
    if (!isTrue) this.violations.push(claim)
  }

  /** One line for the table of `npm run test:faults`. */
  report (fault: string, runs: number): string {
    const count = (outcome: Outcome): number => this.entries.filter((entry) => entry.outcome === outcome).length
    const longest = this.recoveriesMs.length > 0 ? `${(Math.max(...this.recoveriesMs) / 1000).toFixed(1)} s` : '-'
    const outcomes = `${count('ok')} ok, ${count('refused')} refused, ${count('unknown')} unknown`
    return `fault | ${fault} | ${runs} | ${outcomes} | ${this.checked} | ${this.violations.length} | ${longest} |`
  }
}

export const countOf = (log: Entry[], operation: string, outcome: Outcome): number =>
  log.filter((entry) => entry.operation === operation && entry.outcome === outcome).length
