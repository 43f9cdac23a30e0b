import type { IncomingMessage } from 'node:http'
import cors from '@fastify/cors'
import helmet from '@fastify/helmet'
import Fastify from 'fastify'
import fp from 'fastify-plugin'
import { protocolRefusal } from '../../src/platform/http/request-parsing.ts'
import { isSameSite } from '../../src/platform/config/origins.ts'
import { Problem, type ProblemCode } from '../../src/errors.ts'

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE'])

/** What browsers are told, and which other sites may not make a browser do. */
export default fp(async (fastify) => {
  const { ownOrigins, corsOrigins, publicUrl } = fastify.config
  const allowed = new Set([...ownOrigins, ...corsOrigins])

  const fixed = { ...await securityHeaders(), 'cache-control': 'no-store' }

  // Judged where requests come from the wire: those of `inject` have no protocol.
  const refusals = new WeakMap<IncomingMessage, ProblemCode>()
  const judge = (request: IncomingMessage): void => {
    const refusal = protocolRefusal(request)
    if (refusal) refusals.set(request, refusal)
  }
  fastify.server.prependListener('request', judge)
  // Node would answer it without a body.
  fastify.server.on('checkExpectation', (request, response) => {
    judge(request)
    fastify.routing(request, response)
  })

  fastify.addHook('onRequest', (request, reply, done) => {
    // Node remembers the address once it was asked for it, and cannot tell that of a connection that is gone by then: who closes the page
    // right after signing out is signed out all the same.
    if (request.socket.remoteAddress === undefined) {
      done(new Problem('VALIDATION_FAILED'))
      return
    }
    reply.headers(fixed).header('x-request-id', request.id)
    const refusal = refusals.get(request.raw)
    if (refusal) {
      // Whether a body follows is not known.
      reply.header('connection', 'close')
      done(new Problem(refusal))
      return
    }
    const { origin } = request.headers
    const isForeign = origin === undefined ? request.headers['sec-fetch-site'] === 'cross-site' : !allowed.has(origin)
    done(isForeign && !SAFE.has(request.method) ? new Problem('ORIGIN_FORBIDDEN') : undefined)
  })

  if (corsOrigins.length > 0) {
    // The route for preflights is the library's own, so it is said here that anybody may ask.
    fastify.addHook('onRoute', (route) => { if (route.url === '*') route.config = { ...route.config, access: 'public' as const } })
    await fastify.register(cors, {
      delegator: async ({ headers: { origin = '' } }) => {
        const isKnown = corsOrigins.includes(origin)
        return {
          // A stranger is told nothing at all.
          origin: isKnown ? origin : false,
          credentials: isKnown && isSameSite(origin, publicUrl),
          strictPreflight: false,
          methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
          exposedHeaders: ['retry-after', 'x-request-id'],
          maxAge: 600
        }
      }
    })
  }
}, { name: 'headers' })

/** What helmet says. It is asked once: it says the same for every request, and worked it out anew each time. */
async function securityHeaders (): Promise<Record<string, string>> {
  const asked = Fastify()
  await asked.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
    referrerPolicy: { policy: 'no-referrer' },
    xFrameOptions: { action: 'deny' },
    strictTransportSecurity: { maxAge: 63_072_000, includeSubDomains: false }
  })
  asked.get('/', (_request, reply) => { reply.send(reply.raw.getHeaders()) })
  return (await asked.inject('/')).json<Record<string, string>>()
}
