import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'

const schema = {
  operationId: 'listRoles',
  summary: 'The roles that you have defined (`ROLES`)',
  tags: ['Administration'],
  response: { 200: Type.Object({ items: Type.Array(Type.String()) }) }
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  fastify.get('/roles', { schema, config: { access: 'admin' } }, async () => ({ items: [...fastify.config.roles] }))
}

export default route
