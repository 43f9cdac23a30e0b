import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { Problem } from '../../src/errors.ts'
import { MethodName, security } from '../../src/schemas.ts'
import { maskDestination } from '../../src/records/second-factors/methods.ts'

const schema = {
  summary: 'The running attempt, for a code page that was reloaded',
  tags: ['Sign-up and login'],
  security: security.pending,
  response: {
    200: Type.Object({
      purpose: Type.String(),
      method: MethodName,
      methods: Type.Array(MethodName),
      destination: Type.String({ description: 'Where a code goes, masked.' }),
      codeExpiresInSeconds: Type.Integer({ description: '0 when no code runs.' }),
      resendAfterSeconds: Type.Integer(),
      attemptsLeft: Type.Integer()
    })
  }
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  fastify.get('/2fa', { schema, preHandler: fastify.requirePending }, async (request) => {
    const challenge = fastify.challengeOf(request)
    const attempt = await fastify.challenges.find(challenge)
    if (!attempt) throw new Problem('CHALLENGE_INVALID')
    const isSecondStep = challenge.purpose === 'login' || challenge.purpose === 'reauth'
    return {
      purpose: challenge.purpose,
      method: attempt.channel ?? challenge.method,
      methods: isSecondStep ? fastify.usableMethods(attempt.factors) : [attempt.channel ?? challenge.method],
      destination: maskDestination(attempt.channel, attempt.fields['email'] ?? attempt.email, attempt.fields['phone'] ?? attempt.phone),
      codeExpiresInSeconds: Math.ceil(attempt.codeLeftMs / 1000),
      resendAfterSeconds: Math.ceil(attempt.resendLeftMs / 1000),
      attemptsLeft: attempt.attemptsLeft
    }
  })
}

export default route
