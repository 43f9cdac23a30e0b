import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { readSecondStepAnswer } from '../../src/flows/second-step-answer.ts'
import { sentences } from '../../src/platform/locales/index.ts'
import { SecondStepAnswerBody } from '../../src/passkey-schemas.ts'
import { Body, Email, IdempotencyHeaders, TimeZone, TokenSchema, TrustDevice } from '../../src/schemas.ts'

const schema = {
  operationId: 'verifyOtp',
  summary: 'Finish with the code or a passkey: signs in',
  description:
    'Finishes the sign-up or the login that the pending token (Bearer, else cookie `pending`) belongs to. Without `method` it ' +
    'is the one that the challenge offered. The answer to `/auth/2fa/passkey/options` comes as `passkey`, without `otp`.',
  tags: ['Sign-up and sign-in'],
  headers: IdempotencyHeaders,
  body: Body({
    ...SecondStepAnswerBody,
    email: Type.Optional(Email),
    trustDevice: Type.Optional(TrustDevice),
    timeZone: Type.Optional(TimeZone)
  }),
  response: { 200: Type.Object({ success: Type.Literal(true), message: Type.String(), ...TokenSchema.properties }) }
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  const { cookies, flows } = fastify

  fastify.post('/verify-otp', { schema, config: { access: 'pending' } }, async (request, reply) => {
    const { email, trustDevice = false, timeZone: _inRequester, ...answer } = request.body
    const { challenge } = request
    const { grant, trusted } = await flows.login.verifyOtp(
      fastify.requester(request), challenge, { ...readSecondStepAnswer(answer), email, trustDevice }
    )
    const { messages } = sentences(grant.user.locale)
    const message = challenge.purpose === 'sign-up' ? messages.emailConfirmed : messages.signedIn
    return { success: true as const, message, ...cookies.keepSession(reply, grant, trusted) }
  })
}

export default route
