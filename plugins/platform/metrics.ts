import type { RouteOptions } from 'fastify'
import fp from 'fastify-plugin'
import { createMetrics, type Metrics } from '../../src/platform/metrics/metrics.ts'

declare module 'fastify' {
  interface FastifyInstance { metrics: Metrics }
}

/** What this server counts: every answer here, everything else where it happens. */
export default fp(async (fastify) => {
  const metrics = createMetrics()
  const { sharedMetrics } = fastify.app
  sharedMetrics?.offer(metrics.snapshot)
  fastify.decorate('metrics', sharedMetrics ? { ...metrics, read: sharedMetrics.read } : metrics)

  // A hook of each route, which knows its counters: one for all would have to look them up at every answer.
  fastify.addHook('onRoute', (route: RouteOptions) => {
    const methods = [route.method].flat()
    const count = metrics.route(methods.length === 1 ? String(methods[0]) : 'other', route.url)
    route.onResponse = [...[route.onResponse ?? []].flat(), count]
  })
  fastify.addHook('onResponse', metrics.unrouted)
}, { name: 'metrics' })
