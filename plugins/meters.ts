import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import fp from 'fastify-plugin'
import { createMeters, type Meters } from '../src/platform/metrics/metrics.ts'

declare module 'fastify' {
  interface FastifyInstance { meters: Meters }
}

/** What this server counts: every answer here, everything else where it happens. */
export default fp(async (fastify) => {
  const meters = createMeters()
  const { figures } = fastify.app
  figures?.offer(meters.figures)
  fastify.decorate('meters', figures ? { ...meters, read: figures.read } : meters)

  // A hook of each route, which knows its counters: one for all would have to look them up at every answer.
  fastify.addHook('onRoute', (route: RouteOptions) => {
    const methods = [route.method].flat()
    const tell = meters.route(methods.length === 1 ? String(methods[0]) : 'other', route.url)
    const onResponse = (_request: FastifyRequest, reply: FastifyReply, done: () => void): void => {
      tell(reply.statusCode, reply.elapsedTime / 1000)
      done()
    }
    route.onResponse = [...[route.onResponse ?? []].flat(), onResponse]
  })

  const tellUnknown = meters.route('other', 'none')
  fastify.addHook('onResponse', (request, reply, done) => {
    if (request.is404) tellUnknown(reply.statusCode, reply.elapsedTime / 1000)
    done()
  })
}, { name: 'meters' })
