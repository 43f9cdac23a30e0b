import underPressure from '@fastify/under-pressure'
import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import fp from 'fastify-plugin'
import { Problem } from '../../src/errors.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Answered even when the process cannot keep up: whoever watches must see it then most of all. */
    isVital?: boolean
  }
}

/** Password work runs elsewhere, so this loop is late only when the machine is exhausted. A mean over a second. */
const MAX_LOOP_DELAY_MS = 1_000
const RETRY_AFTER_SECONDS = 2
const LOOK_MS = 1_000
/** One late second in a row is a pause that is over: a start, a wake-up. The requests after it are served. */
const LATE_SECONDS = 2

/** Answers 503 at once while the event loop is so late that clients would give up anyway. */
export default fp(async (fastify) => {
  let lateSeconds = 0
  // In a scope without routes the library only measures: its hook would build an object at every request.
  await fastify.register(async (scope) => {
    await scope.register(underPressure, { maxEventLoopDelay: MAX_LOOP_DELAY_MS })
    const look = setInterval(() => { lateSeconds = scope.isUnderPressure() ? lateSeconds + 1 : 0 }, LOOK_MS).unref()
    scope.addHook('onClose', async () => { clearInterval(look) })
  })

  const refuse = (_request: FastifyRequest, _reply: FastifyReply, done: (error?: Error) => void): void => {
    if (lateSeconds >= LATE_SECONDS) done(new Problem('SERVICE_UNAVAILABLE', { retryAfterSeconds: RETRY_AFTER_SECONDS }))
    else done()
  }
  fastify.addHook('onRoute', (route: RouteOptions) => {
    if (route.config?.isVital !== true) route.onRequest = [refuse, ...[route.onRequest ?? []].flat()]
  })
}, { name: 'under-pressure' })
