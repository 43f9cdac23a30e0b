import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { isWithAccount } from '../../src/records/challenges/challenge.ts'
import { sentences } from '../../src/platform/locales/index.ts'
import { AnyOtp, Body, Email, MethodName, IdempotencyHeaders, security, TokenSchema, TrustDevice } from '../../src/schemas.ts'
import { methodFor } from '../../src/records/second-factors/methods.ts'

const schema = {
  summary: 'Give the code: signs in',
  description: 'Finishes the sign-up or the login that the pending token (Bearer, else cookie `pending`) belongs to. Without `method` the one that the challenge offered.',
  tags: ['Sign-up and login'],
  security: security.pending,
  headers: IdempotencyHeaders,
  body: Body({ otp: AnyOtp, method: Type.Optional(MethodName), email: Type.Optional(Email), trustDevice: Type.Optional(TrustDevice) }),
  response: { 200: Type.Object({ success: Type.Literal(true), message: Type.String(), ...TokenSchema.properties }) }
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  fastify.post('/verify-otp', { schema, preHandler: fastify.requirePending }, async (request, reply) => {
    const { otp, email, method, trustDevice } = request.body
    const challenge = fastify.challengeOf(request)
    const { ownerKey, attemptId } = challenge
    const tokens = await fastify.once(request, { owner: isWithAccount(challenge) ? { accountId: ownerKey } : { addressTag: ownerKey }, binding: attemptId }, async () => {
      const addressTag = email === undefined ? '' : await fastify.addressTags.of(email)
      return await fastify.finishAttempt(request, reply, challenge, { otp, method: method ?? methodFor(challenge, otp), addressTag })
    }, async (outcome) => await fastify.grantAgain(reply, outcome))
    if (trustDevice) await fastify.trustDevice(request, reply, tokens.user.id, fastify.readAccess(tokens.accessToken).sid)
    const { messages } = sentences(tokens.user.locale)
    return { success: true as const, message: challenge.purpose === 'sign-up' ? messages.emailConfirmed : messages.signedIn, ...tokens }
  })
}

export default route
