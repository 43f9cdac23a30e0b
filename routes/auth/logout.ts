import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { bearerOf } from '../../src/platform/http/request-parsing.ts'
import { optionalSecurity } from '../../src/schemas.ts'

const schema = {
  operationId: 'logout',
  summary: 'End this session',
  description: 'Its access token is refused from the next request on. Without a session the answer is 204 as well.',
  tags: ['Sessions'],
  security: optionalSecurity.session,
  response: { 204: Type.Null({ description: 'Signed out; cookies cleared.' }) }
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  const { cookies, flows } = fastify

  fastify.post('/logout', { schema, config: { access: 'public' } }, async (request, reply) => {
    const named = { accessToken: bearerOf(request), refreshToken: cookies.read(request, 'refresh') }
    await flows.sessions.logout(fastify.requester(request), named)
    cookies.clearSession(reply)
    return await reply.code(204).send(null)
  })
}

export default route
