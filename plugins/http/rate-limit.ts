import rateLimit from '@fastify/rate-limit'
import fp from 'fastify-plugin'
import { Problem, retryAfter } from '../../src/errors.ts'
import { keys } from '../../src/platform/redis/keys.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Which budget of requests per source and minute the route takes from. */
    limit?: 'login' | 'register' | 'resend'
  }
}

const MINUTE_MS = 60_000

/** Requests per source on the routes that take credentials, counted in Redis for all nodes together. Redis away: 503, nothing passes. */
export default fp(async (fastify) => {
  const { loginPerSource, registerPerSource, resendPerSource } = fastify.config.limits
  const most = { login: loginPerSource, register: registerPerSource, resend: resendPerSource }
  // Before the library's own hook, which reads `config.rateLimit`.
  fastify.addHook('onRoute', (route) => {
    const limit = route.config?.limit
    if (limit) route.config = { ...route.config, rateLimit: { max: most[limit], timeWindow: MINUTE_MS, groupId: limit } }
  })
  await fastify.register(rateLimit, {
    global: false,
    redis: fastify.redis,
    nameSpace: keys.limits,
    skipOnError: false,
    keyGenerator: (request) => fastify.requester(request).source,
    errorResponseBuilder: (_request, { ttl }) => new Problem('TOO_MANY_REQUESTS', retryAfter(ttl))
  })
}, { name: 'rate-limit', dependencies: ['redis', 'requester'] })
