import { setTimeout as sleep } from 'node:timers/promises'
import type { Answer } from './browser.ts'
import type { ServerProcess } from './process.ts'
import { until } from './redis-node.ts'

/** Asks until the answer is not 503: a busy machine may be late. */
export async function answerTo (ask: () => Promise<Answer>): Promise<Answer> {
  for (;;) {
    const answer = await ask()
    if (answer.status !== 503) return answer
  }
}

/** Milliseconds until `ask` is answered with this status, asked without pause. */
export async function timeTo (status: number, ask: () => Promise<Answer>): Promise<number> {
  const startedAt = performance.now()
  while ((await ask().catch(() => null))?.status !== status) await sleep(20)
  return Math.round(performance.now() - startedAt)
}

/** Resolves when `/health/ready` has this status and tells this of Redis. */
export async function untilReadiness (server: ServerProcess, wanted: { status: number, redis: string, reason?: string }): Promise<void> {
  await until(async () => {
    const { status, body } = await server.browser().get('/health/ready')
    const { redis, reason } = body['parts'] as { redis: string, reason?: string }
    return status === wanted.status && redis === wanted.redis && (wanted.reason === undefined || reason === wanted.reason)
  })
}
