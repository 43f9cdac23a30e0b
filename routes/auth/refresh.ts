import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { TokenSchema } from '../../src/schemas.ts'

const schema = {
  operationId: 'refresh',
  summary: 'A fresh access token, and the next refresh token',
  description:
    'Rotates the cookie `refresh` at every use. The same token again within 10 seconds gets the same successor; an older one ends the ' +
    'session.',
  tags: ['Sessions'],
  response: { 200: TokenSchema }
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  const { cookies, flows } = fastify

  fastify.post('/refresh', { schema, config: { access: 'refresh' } }, async (request, reply) => {
    const outcome = await flows.sessions.refresh(fastify.requester(request), request.refreshClaims)
    if (outcome.kind === 'refreshed') return cookies.keepSession(reply, outcome.grant)
    cookies.clear(reply, 'refresh')
    throw outcome.problem
  })
}

export default route
