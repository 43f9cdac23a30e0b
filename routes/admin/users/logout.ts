import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { AccountId, IdempotencyHeaders } from '../../../src/schemas.ts'

const schema = {
  operationId: 'logoutUser',
  summary: 'End all sessions of an account',
  tags: ['Administration'],
  headers: IdempotencyHeaders,
  params: Type.Object({ id: AccountId }),
  response: { 204: Type.Null({ description: 'Signed out everywhere.' }) }
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  fastify.post('/:id/logout', { schema, config: { access: { scope: 'users:write', or: 'recent-admin' } } }, async (request, reply) => {
    await fastify.flows.administration.logout(fastify.requester(request), request.params.id)
    return await reply.code(204).send(null)
  })
}

export default route
