import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { Problem } from '../../../../src/errors.ts'
import { isId } from '../../../../src/platform/ids.ts'
import { security } from '../../../../src/schemas.ts'

const schema = {
  summary: 'Trust a browser no more',
  description: 'Its next login asks for a code. Its sessions live on.',
  tags: ['Account'],
  security: security.access,
  params: Type.Object({ id: Type.String() }),
  response: { 204: Type.Null({ description: 'Trusted no more.' }) }
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  fastify.delete('/:id', { schema, preHandler: fastify.requireTwoFactor }, async (request, reply) => {
    const { user } = fastify.accessOf(request)
    const { id } = request.params
    const isEnded = isId(id) && await fastify.trustedBrowsers.end(user.id, id, fastify.clientOf(request))
    if (!isEnded) {
      await fastify.recordActivity(request, user.id, 'trusted_device_ended', 'unknown')
      throw new Problem('NOT_FOUND')
    }
    if (fastify.trustedBrowserOf(request, user.id)?.id === id) fastify.clearCookie(reply, 'trusted')
    return await reply.code(204).send(null)
  })
}

export default route
