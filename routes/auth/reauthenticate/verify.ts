import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { sentences } from '../../../src/platform/locales/index.ts'
import { AnyOtp, Body, MethodName, security, TokenSchema } from '../../../src/schemas.ts'

const schema = {
  summary: 'Give the second step of a reauthentication',
  description:
    'Answers a fresh access token of the same session. Wrong codes count like those of a login; when the attempt is used up the session ' +
    'ends.',
  tags: ['Session'],
  security: security.access,
  body: Body({ otp: AnyOtp, method: Type.Optional(MethodName) }),
  response: { 200: Type.Object({ message: Type.String(), ...TokenSchema.properties }) }
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  const { cookies, flows } = fastify

  fastify.post('/verify', { schema, config: { access: 'second-factor' } }, async (request, reply) => {
    const { otp, method } = request.body
    const grant = await flows.reauthentication.verify(fastify.requester(request), request.principal, otp, method)
    cookies.clear(reply, 'pending')
    return { message: sentences(grant.user.locale).messages.signedIn, ...grant }
  })
}

export default route
