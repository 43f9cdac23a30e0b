import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { Body } from '../../../../src/schemas.ts'

const schema = {
  operationId: 'endMyOtherSessions',
  summary: 'End all my other sessions',
  description:
    'This session goes on. Trusted devices are forgotten, this one too, unless `keepTrustedDevices` is true. `POST /auth/logout-all` ' +
    'ends this session as well.',
  tags: ['Account'],
  body: Body({ keepTrustedDevices: Type.Optional(Type.Boolean({ default: false })) }),
  response: { 204: Type.Null({ description: 'Ended.' }) }
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  fastify.delete('', {
    schema,
    config: { access: 'second-factor' },
    // Every field is optional, and so is the body.
    preValidation: async (request) => { request.body ??= {} }
  }, async (request, reply) => {
    const keepsTrusted = request.body.keepTrustedDevices ?? false
    await fastify.flows.sessions.endOthers(fastify.requester(request), request.principal, { keepsTrusted })
    if (!keepsTrusted) fastify.cookies.clear(reply, 'trusted')
    return await reply.code(204).send(null)
  })
}

export default route
