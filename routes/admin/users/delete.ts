import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { AccountId, IdempotencyHeaders } from '../../../src/schemas.ts'

const schema = {
  operationId: 'deleteUser',
  summary: 'Delete an account, or revoke an invitation',
  description: 'Deletes all that is held about it, for good. Admins cannot delete themselves here.',
  tags: ['Administration'],
  headers: IdempotencyHeaders,
  params: Type.Object({ id: AccountId }),
  response: { 204: Type.Null({ description: 'Deleted.' }) }
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  fastify.delete('/:id', { schema, config: { access: { scope: 'users:write', or: 'recent-admin' } } }, async (request, reply) => {
    await fastify.flows.administration.delete(fastify.requester(request), request.params.id)
    return await reply.code(204).send(null)
  })
}

export default route
