import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { Problem } from '../../../src/errors.ts'
import { sentences } from '../../../src/platform/locales/index.ts'
import { AnyOtp, Body, MethodName, security, TokenSchema } from '../../../src/schemas.ts'
import { methodFor } from '../../../src/records/second-factors/methods.ts'

const schema = {
  summary: 'Give the second step of a reauthentication',
  description: 'Answers a fresh access token of the same session. Wrong codes count like those of a login; when the attempt is used up the session ends.',
  tags: ['Session'],
  security: security.access,
  body: Body({ otp: AnyOtp, method: Type.Optional(MethodName) }),
  response: { 200: Type.Object({ message: Type.String(), ...TokenSchema.properties }) }
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  const { reauthentication } = fastify

  fastify.post('/verify', { schema, preHandler: fastify.requireTwoFactor }, async (request, reply) => {
    const { otp, method: asked } = request.body
    const { user, sid } = fastify.accessOf(request)
    // A session has one such attempt; its id is the session's, so no pending token has to be sent beside the access token.
    const challenge = { purpose: 'reauth' as const, ownerKey: user.id, attemptId: sid }
    const method = asked ?? methodFor({ ...challenge, method: fastify.usableMethods(user.secondFactors)[0] ?? 'email' }, otp)
    fastify.requireWellFormed(request, method, otp)
    const proof = await fastify.makeProof(user.id, sid, method, otp)
    try {
      const session = await fastify.checked(request, challenge, method, async () =>
        await reauthentication.verifyCode(fastify.askingSession(request), { challenge, addressTag: '', method, proof }))
      fastify.clearCookie(reply, 'pending')
      return { message: sentences(user.locale).messages.signedIn, ...fastify.answerAccess(session) }
    } catch (error) {
      if (error instanceof Problem && error.facts.attemptsLeft === 0) fastify.clearSession(reply)
      throw error
    }
  })
}

export default route
