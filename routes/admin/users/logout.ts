import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { AccountId, security } from '../../../src/schemas.ts'

const schema = {
  summary: 'End all sessions of an account',
  tags: ['Administration'],
  security: security.access,
  params: Type.Object({ id: AccountId }),
  response: { 204: Type.Null({ description: 'Signed out everywhere.' }) }
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  fastify.post('/:id/logout', { schema, config: { access: 'admin' } }, async (request, reply) => {
    await fastify.flows.administration.logout(fastify.requester(request), request.principal, request.params.id)
    return await reply.code(204).send(null)
  })
}

export default route
