import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { sentences } from '../../src/platform/locales/index.ts'
import { AnyOtp, Body, Email, MethodName, IdempotencyHeaders, security, TokenSchema, TrustDevice } from '../../src/schemas.ts'

const schema = {
  summary: 'Give the code: signs in',
  description:
    'Finishes the sign-up or the login that the pending token (Bearer, else cookie `pending`) belongs to. Without `method` the one that ' +
    'the challenge offered.',
  tags: ['Sign-up and login'],
  security: security.pending,
  headers: IdempotencyHeaders,
  body: Body({ otp: AnyOtp, method: Type.Optional(MethodName), email: Type.Optional(Email), trustDevice: Type.Optional(TrustDevice) }),
  response: { 200: Type.Object({ success: Type.Literal(true), message: Type.String(), ...TokenSchema.properties }) }
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  const { cookies, flows } = fastify

  fastify.post('/verify-otp', { schema, config: { access: 'pending' } }, async (request, reply) => {
    const { otp, email, method, trustDevice = false } = request.body
    const { challenge } = request
    const { grant, trusted } = await flows.login.verifyOtp(fastify.requester(request), challenge, { otp, email, method, trustDevice })
    const { messages } = sentences(grant.user.locale)
    const message = challenge.purpose === 'sign-up' ? messages.emailConfirmed : messages.signedIn
    return { success: true as const, message, ...cookies.keepSession(reply, grant, trusted) }
  })
}

export default route
