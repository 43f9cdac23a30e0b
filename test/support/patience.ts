import { setTimeout as sleep } from 'node:timers/promises'
import type { Answer } from './browser.ts'
import type { ServerProcess } from './process.ts'
import { until } from './redis-node.ts'
import { shaped } from './shapes.ts'

const LONGEST_MS = 60_000

/** Asks until the answer is not 503, because a busy machine may be late; for a minute. */
export async function answerTo (ask: () => Promise<Answer>): Promise<Answer> {
  const deadline = AbortSignal.timeout(LONGEST_MS)
  for (;;) {
    const answer = await ask().catch(tellClosed)
    if (answer && answer.status !== 503) return answer
    if (deadline.aborted) throw new Error(`still no answer after ${LONGEST_MS} ms: ${ask.toString()} ${answer?.text}`)
  }
}

/** The server may close a connection that nobody has used for long in the very moment in which it is used. */
function tellClosed (error: unknown): null {
  if (error instanceof Error && 'code' in error && error.code === 'ECONNRESET') return null
  throw error
}

/** Milliseconds until `ask` is answered with this status, asked every 20 milliseconds, for a minute; no answer is none of this status. */
export async function timeTo (status: number, ask: () => Promise<Answer>): Promise<number> {
  const startedAt = performance.now()
  const deadline = AbortSignal.timeout(LONGEST_MS)
  for (;;) {
    const answer = await ask().catch(() => null)
    if (answer?.status === status) return Math.round(performance.now() - startedAt)
    if (deadline.aborted) throw new Error(`still not ${status} after ${LONGEST_MS} ms: ${ask.toString()} ${answer?.status} ${answer?.text}`)
    await sleep(20)
  }
}

/** Resolves when `/health/ready` has this status and tells this of Redis. */
export async function untilReadiness (server: ServerProcess, wanted: { status: number, redis: string, reason?: string }): Promise<void> {
  await until(async () => {
    const { status, body } = await server.browser().get('/health/ready')
    const { redis, reason } = shaped<{ redis: string, reason?: string }>(body['parts'])
    return status === wanted.status && redis === wanted.redis && (wanted.reason === undefined || reason === wanted.reason)
  })
}
