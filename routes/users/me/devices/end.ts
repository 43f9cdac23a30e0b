import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'

const schema = {
  operationId: 'endMyDevice',
  summary: 'Stop trusting a browser',
  description: 'Its next login asks for a code. Its sessions stay open.',
  tags: ['Account'],
  params: Type.Object({ id: Type.String() }),
  response: { 204: Type.Null({ description: 'No longer trusted.' }) }
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  const { cookies, flows } = fastify

  fastify.delete('/:id', { schema, config: { access: 'second-factor' } }, async (request, reply) => {
    const isThisBrowser = await flows.trustedBrowsers.end(fastify.requester(request), request.principal, request.params.id)
    if (isThisBrowser) cookies.clear(reply, 'trusted')
    return await reply.code(204).send(null)
  })
}

export default route
