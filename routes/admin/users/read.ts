import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { AccountId, AdminUserSchema } from '../../../src/schemas.ts'

const schema = {
  operationId: 'getUser',
  summary: 'One account',
  tags: ['Administration'],
  params: Type.Object({ id: AccountId }),
  response: { 200: Type.Object({ user: AdminUserSchema }) }
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  fastify.get('/:id', { schema, config: { access: { scope: 'users:read', or: 'admin' } } }, async (request) =>
    ({ user: await fastify.flows.administration.find(request.params.id) }))
}

export default route
