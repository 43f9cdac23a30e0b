import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { security } from '../../../../src/schemas.ts'

const schema = {
  summary: 'End all my other sessions',
  description: 'This one lives on, and trusted devices stay trusted. `POST /auth/logout-all` ends everything.',
  tags: ['Account'],
  security: security.access,
  response: { 204: Type.Null({ description: 'Ended.' }) }
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  fastify.delete('', { schema, preHandler: fastify.requireTwoFactor }, async (request, reply) => {
    const { user, sid } = fastify.accessOf(request)
    await fastify.sessions.endAll({ accountId: user.id, keepSid: sid, actor: fastify.clientOf(request), event: 'other_sessions_ended' })
    return await reply.code(204).send(null)
  })
}

export default route
