import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'

const schema = {
  operationId: 'endMySession',
  summary: 'End one of my sessions',
  description: 'Its access token is refused from the next request on. Ending the current one clears the cookies.',
  tags: ['Account'],
  params: Type.Object({ sid: Type.String() }),
  response: { 204: Type.Null({ description: 'Ended.' }) }
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  const { cookies, flows } = fastify

  fastify.delete('/:sid', { schema, config: { access: 'second-factor' } }, async (request, reply) => {
    const isThisSession = await flows.sessions.end(fastify.requester(request), request.principal, request.params.sid)
    if (isThisSession) cookies.clearSession(reply)
    return await reply.code(204).send(null)
  })
}

export default route
