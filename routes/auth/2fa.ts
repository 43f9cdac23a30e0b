import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox'
import { maskAddress } from '../../src/accounts/address.ts'
import { Problem } from '../../src/errors.ts'
import { security } from '../../src/schemas.ts'

const schema = {
  summary: 'The running attempt, for a code page that was reloaded',
  tags: ['Sign-up and login'],
  security: security.pending,
  response: {
    200: Type.Object({
      purpose: Type.String(),
      method: Type.String(),
      methods: Type.Array(Type.String()),
      destination: Type.String({ description: 'Masked.' }),
      codeExpiresInSeconds: Type.Integer(),
      resendAfterSeconds: Type.Integer(),
      attemptsLeft: Type.Integer()
    })
  }
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  fastify.get('/2fa', { schema, preHandler: fastify.requirePending }, async (request) => {
    const place = request.pending
    const attempt = place && await fastify.challenges.look(place)
    if (!place || !attempt) throw new Problem('CHALLENGE_INVALID')
    return {
      purpose: place.purpose,
      method: 'email',
      methods: ['email'],
      destination: maskAddress(attempt.email),
      codeExpiresInSeconds: Math.ceil(attempt.codeLeftMs / 1000),
      resendAfterSeconds: Math.ceil(attempt.resendLeftMs / 1000),
      attemptsLeft: attempt.attemptsLeft
    }
  })
}

export default route
