import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { AccountId } from '../../../src/schemas.ts'

const schema = {
  operationId: 'listUserSessions',
  summary: 'Where an account is signed in',
  tags: ['Administration'],
  params: Type.Object({ id: AccountId }),
  response: {
    200: Type.Object({
      items: Type.Array(Type.Object({
        id: Type.String(),
        device: Type.String(),
        ip: Type.String(),
        createdAt: Type.String({ format: 'date-time' }),
        lastSeenAt: Type.String({ format: 'date-time' }),
        amr: Type.Array(Type.String())
      })),
      nextCursor: Type.Null()
    })
  }
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  fastify.get('/:id/sessions', { schema, config: { access: { scope: 'users:read', or: 'admin' } } }, async (request) =>
    ({ items: await fastify.flows.administration.sessionsOf(request.params.id), nextCursor: null }))
}

export default route
