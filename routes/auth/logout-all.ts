import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { bearerOf } from '../../src/platform/http/request-parsing.ts'
import { optionalSecurity } from '../../src/schemas.ts'

const schema = {
  operationId: 'logoutAll',
  summary: 'End all sessions of this account',
  description: 'Its trusted devices end too.',
  tags: ['Sessions'],
  security: optionalSecurity.session,
  response: { 204: Type.Null({ description: 'Signed out everywhere; cookies cleared.' }) }
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  const { cookies, flows } = fastify

  fastify.post('/logout-all', { schema, config: { access: 'public' } }, async (request, reply) => {
    const named = { accessToken: bearerOf(request), refreshToken: cookies.read(request, 'refresh') }
    await flows.sessions.logoutAll(fastify.requester(request), named)
    cookies.clearSession(reply)
    cookies.clear(reply, 'trusted')
    return await reply.code(204).send(null)
  })
}

export default route
