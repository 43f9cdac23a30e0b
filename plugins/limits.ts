import rateLimit from '@fastify/rate-limit'
import fp from 'fastify-plugin'
import { Problem, retryAfter } from '../src/errors.ts'
import { mac } from '../src/platform/keyring.ts'
import { keys } from '../src/platform/redis/keys.ts'
import { sourceOf } from '../src/records/throttling/source.ts'

interface SourceLimit { max: number, timeWindow: number, groupId: string }

declare module 'fastify' {
  interface FastifyInstance {
    /** A MAC of the request's source: an IPv4 address or an IPv6 /64. */
    sourceOf: (request: FastifyRequest) => string
    /** What routes put into `config.rateLimit`. */
    sourceLimits: { login: SourceLimit, register: SourceLimit, resend: SourceLimit }
  }
}

const MINUTE_MS = 60_000

/** Requests per source on the routes that take credentials, counted in Redis for all nodes together. Redis away: 503, nothing passes. */
export default fp(async (fastify) => {
  const { loginPerSource, registerPerSource, resendPerSource } = fastify.config.limits
  fastify.decorate('sourceOf', (request) => mac(fastify.keyring.current.source, sourceOf(request.ip), 16))
  await fastify.register(rateLimit, {
    global: false,
    redis: fastify.redis,
    nameSpace: keys.limits,
    skipOnError: false,
    keyGenerator: (request) => fastify.sourceOf(request),
    errorResponseBuilder: (_request, { ttl }) => new Problem('TOO_MANY_REQUESTS', retryAfter(ttl))
  })
  fastify.decorate('sourceLimits', {
    login: { max: loginPerSource, timeWindow: MINUTE_MS, groupId: 'login' },
    register: { max: registerPerSource, timeWindow: MINUTE_MS, groupId: 'register' },
    resend: { max: resendPerSource, timeWindow: MINUTE_MS, groupId: 'resend' }
  })
}, { name: 'limits', dependencies: ['redis', 'keyring'] })
