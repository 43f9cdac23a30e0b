import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'

const schema = {
  operationId: 'getLiveness',
  summary: 'Whether the process answers',
  tags: ['Operations'],
  response: { 200: Type.Object({ status: Type.Literal('ok') }) }
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  fastify.get('/live', { schema, config: { access: 'public', isVital: true } }, async () => ({ status: 'ok' as const }))
}

export default route
