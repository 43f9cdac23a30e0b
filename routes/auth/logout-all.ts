import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { security } from '../../src/schemas.ts'

const schema = {
  summary: 'End all sessions of this account',
  description: 'Its trusted devices end too.',
  tags: ['Session'],
  security: security.session,
  response: { 204: Type.Null({ description: 'Signed out everywhere; cookies cleared.' }) }
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  fastify.post('/logout-all', { schema, config: { public: true } }, async (request, reply) => {
    for (const { accountId, sid } of fastify.sessionsOf(request)) {
      // A token of a session that has ended must not end the others.
      if (await fastify.sessions.find(accountId, sid)) await fastify.sessions.endAll({ accountId, actor: fastify.clientOf(request), event: 'logout_all' })
    }
    fastify.clearSession(reply)
    fastify.clearCookie(reply, 'trusted')
    return await reply.code(204).send(null)
  })
}

export default route
