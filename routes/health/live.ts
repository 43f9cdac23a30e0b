import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox'

const schema = {
  summary: 'The process answers',
  tags: ['Operations'],
  response: { 200: Type.Object({ status: Type.Literal('ok') }) }
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  fastify.get('/live', { schema, config: { public: true, isVital: true } }, async () => ({ status: 'ok' as const }))
}

export default route
