import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { security } from '../../src/schemas.ts'

const schema = {
  summary: 'End this session',
  description: 'Its access token is refused from the next request on. Without a session, or twice, it is 204 as well.',
  tags: ['Session'],
  security: security.session,
  response: { 204: Type.Null({ description: 'Signed out; cookies cleared.' }) }
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  fastify.post('/logout', { schema, config: { public: true } }, async (request, reply) => {
    for (const session of fastify.sessionsOf(request)) await fastify.sessions.end({ ...session, client: fastify.clientOf(request) }, 'logout')
    fastify.clearSession(reply)
    return await reply.code(204).send(null)
  })
}

export default route
