import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { AccountId, AdminUserSchema, security } from '../../../src/schemas.ts'

const schema = {
  summary: 'One account',
  tags: ['Administration'],
  security: security.access,
  params: Type.Object({ id: AccountId }),
  response: { 200: Type.Object({ user: AdminUserSchema }) }
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  fastify.get('/:id', { schema, config: { access: 'admin' } }, async (request) =>
    ({ user: await fastify.flows.administration.find(request.params.id) }))
}

export default route
