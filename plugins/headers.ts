import cors from '@fastify/cors'
import helmet from '@fastify/helmet'
import fp from 'fastify-plugin'
import { Problem } from '../src/errors.ts'

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE'])

/** What browsers are told, and which other sites may not make a browser do. */
export default fp(async (fastify) => {
  const { ownOrigins, corsOrigins } = fastify.config
  const allowed = new Set([...ownOrigins, ...corsOrigins])

  await fastify.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
    referrerPolicy: { policy: 'no-referrer' },
    xFrameOptions: { action: 'deny' },
    strictTransportSecurity: { maxAge: 63_072_000, includeSubDomains: false }
  })
  if (corsOrigins.length > 0) {
    await fastify.register(cors, {
      origin: corsOrigins,
      credentials: true,
      methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
      exposedHeaders: ['retry-after', 'x-request-id'],
      maxAge: 600
    })
  }

  fastify.addHook('onRequest', async (request, reply) => {
    reply.header('cache-control', 'no-store')
    reply.header('x-request-id', request.id)
    if (SAFE.has(request.method)) return
    const { origin } = request.headers
    const isForeign = origin === undefined ? request.headers['sec-fetch-site'] === 'cross-site' : !allowed.has(origin)
    if (isForeign) throw new Problem('ORIGIN_FORBIDDEN')
  })
}, { name: 'headers' })
