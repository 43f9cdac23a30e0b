import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { Problem } from '../../../../src/errors.ts'
import { isId } from '../../../../src/platform/ids.ts'
import { security } from '../../../../src/schemas.ts'

const schema = {
  summary: 'End one of my sessions',
  description: 'Its access token is refused from the next request on. Ending the current one clears the cookies.',
  tags: ['Account'],
  security: security.access,
  params: Type.Object({ sid: Type.String() }),
  response: { 204: Type.Null({ description: 'Ended.' }) }
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  fastify.delete('/:sid', { schema, preHandler: fastify.requireTwoFactor }, async (request, reply) => {
    const { user, sid: current } = fastify.accessOf(request)
    const { sid } = request.params
    const isEnded = isId(sid) && await fastify.sessions.end({ accountId: user.id, sid, client: fastify.clientOf(request) }, 'session_ended')
    if (!isEnded) {
      await fastify.recordActivity(request, user.id, 'session_ended', 'unknown')
      throw new Problem('NOT_FOUND')
    }
    if (sid === current) fastify.clearSession(reply)
    return await reply.code(204).send(null)
  })
}

export default route
