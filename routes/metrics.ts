import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { METRICS_TYPE } from '../src/platform/metrics/aggregate.ts'

const schema = {
  operationId: 'getMetrics',
  summary: 'Metrics of this server, for Prometheus',
  description: 'Answers whoever brings `METRICS_TOKEN`; outside production also callers on the same machine.',
  tags: ['Operations'],
  response: { 200: { description: 'Prometheus text format', content: { 'text/plain': { schema: Type.String() } } } }
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  fastify.get('/metrics', { schema, config: { access: 'operator', isVital: true } }, async (_request, reply) => {
    const text = await fastify.metrics.read()
    return await reply.type(METRICS_TYPE).send(text)
  })
}

export default route
