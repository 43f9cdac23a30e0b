import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { Problem } from '../../src/errors.ts'

const schema = {
  operationId: 'deleteMe',
  summary: 'Delete my account, at once and for good',
  description:
    'Nothing about it is kept, its tokens are refused from the next request on, and the address can sign up again. `CONFLICT` for an ' +
    'admin, who has to give up the role first.',
  tags: ['Account'],
  params: Type.Object({ id: Type.String({ maxLength: 64, description: '`me`, or my own id.' }) }),
  response: { 204: Type.Null({ description: 'Deleted; cookies cleared.' }) }
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  const { cookies, flows } = fastify

  fastify.delete('/:id', { schema, config: { access: 'recent' } }, async (request, reply) => {
    const { id } = request.params
    if (id !== 'me' && id !== request.principal.user.id) throw new Problem('NOT_FOUND')
    await flows.deleteAccount(fastify.requester(request), request.principal)
    cookies.clearSession(reply)
    cookies.clear(reply, 'trusted', 'device')
    return await reply.code(204).send(null)
  })
}

export default route
