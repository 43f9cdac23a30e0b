import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox'
import { maskAddress } from '../../../src/accounts/address.ts'
import { toMinutes } from '../../../src/challenges/challenge.ts'
import { Problem } from '../../../src/errors.ts'
import { sentences } from '../../../src/locales/index.ts'
import { Body, Email, security } from '../../../src/schemas.ts'

const schema = {
  summary: 'Mail the code again',
  description: 'The same code while at least half its life is left, else a new one; then the old one dies.',
  tags: ['Sign-up and login'],
  security: security.pending,
  body: Body({ email: Type.Optional(Email), method: Type.Optional(Type.Literal('email')) }),
  response: { 200: Type.Object({ message: Type.String(), ttlMinutes: Type.Integer(), resendAfterSeconds: Type.Integer() }) }
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  const { challenges, challengeRules, sourceLimits } = fastify

  fastify.post('/resend', {
    schema,
    config: { rateLimit: sourceLimits.resend },
    preHandler: fastify.requirePending,
    // Every field is optional, and so is the body.
    preValidation: async (request) => { request.body ??= {} }
  }, async (request) => {
    const place = request.pending
    if (!place) throw new Problem('TOKEN_MISSING')
    const email = request.body.email
    const { codeLeftMs, mailNo } = await challenges.resend(place, email === undefined ? '' : await fastify.addressTags.of(email))
    await fastify.mailer.send({ kind: 'code', ...place, mailNo })
    const attempt = await challenges.look(place)
    if (!attempt) throw new Problem('CHALLENGE_INVALID')
    return {
      message: sentences(fastify.localeOf(request)).messages.codeSent(maskAddress(attempt.email)),
      ttlMinutes: toMinutes(codeLeftMs),
      resendAfterSeconds: Math.ceil(challengeRules.resendIntervalMs / 1000)
    }
  })
}

export default route
