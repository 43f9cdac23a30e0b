import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { Problem } from '../../src/errors.ts'

const schema = {
  operationId: 'getReadiness',
  summary: 'Whether the server can serve requests',
  description:
    '503 while Redis is away or refuses us; with one shard of a Cluster away (`partly`) the others go on. `parts.reason` says why it ' +
    'takes no writes, if it tells: `full`, `cannot_save`, `replica`, `no_replicas`, `loading`, `cluster_down`, `no_access`. With ' +
    'the mail server away, which is reported too, the server stays ready: mails wait in the outbox.',
  tags: ['Operations'],
  response: { 200: Type.Object({ status: Type.Literal('ok'), parts: Type.Record(Type.String(), Type.String()) }) }
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  fastify.get('/ready', { schema, config: { access: 'public', isVital: true } }, async () => {
    const parts = { ...await fastify.database.state(), mail: fastify.mailer.state() }
    if (parts.redis === 'away' || parts.redis === 'refused') throw new Problem('SERVICE_UNAVAILABLE', { retryAfterSeconds: 1, parts })
    return { status: 'ok' as const, parts }
  })
}

export default route
