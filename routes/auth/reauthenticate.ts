import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { sentences } from '../../src/platform/locales/index.ts'
import { Body, Password, secondStepAnswer, SecondStepSchema, TokenSchema } from '../../src/schemas.ts'

const schema = {
  operationId: 'reauthenticate',
  summary: 'Confirm that it is you',
  description:
    'For whatever needs a recent proof (10 minutes). Answers a fresh access token of the same session, or a challenge as a login does, ' +
    'which `/auth/reauthenticate/verify` finishes.',
  tags: ['Sessions'],
  body: Body({ password: Password }),
  response: {
    200: Type.Union([
      SecondStepSchema,
      Type.Object({ twoFactorRequired: Type.Literal(false), message: Type.String(), ...TokenSchema.properties }, { title: 'Proven' })
    ])
  }
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  const { cookies, flows } = fastify
  const config = { access: 'second-factor', limit: 'login', worksOnPasswords: true } as const

  fastify.post('/reauthenticate', { schema, config }, async (request, reply) => {
    const { locale } = request.principal.user
    const result = await flows.reauthentication.start(fastify.requester(request), request.principal, request.body.password)
    if (result.kind === 'second-step') {
      cookies.keepChallenge(reply, result.challenge)
      return secondStepAnswer(result.challenge, locale)
    }
    return { twoFactorRequired: false as const, message: sentences(locale).messages.signedIn, ...result.grant }
  })
}

export default route
