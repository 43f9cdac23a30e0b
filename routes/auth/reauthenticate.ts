import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { sentences } from '../../src/platform/locales/index.ts'
import { Body, Password, SecondStepSchema, security, TokenSchema } from '../../src/schemas.ts'

const schema = {
  summary: 'Prove again who you are',
  description: 'For what asks for a recent proof (10 minutes). Answers a fresh access token of the same session, or a challenge as a login does, to be finished by `/auth/reauthenticate/verify`.',
  tags: ['Session'],
  security: security.access,
  body: Body({ password: Password }),
  response: {
    200: Type.Union([
      SecondStepSchema,
      Type.Object({ twoFactorRequired: Type.Literal(false), message: Type.String(), ...TokenSchema.properties }, { title: 'Proven' })
    ])
  }
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  const { config, sourceLimits } = fastify

  fastify.post('/reauthenticate', { schema, preHandler: fastify.requireTwoFactor, config: { worksOnPasswords: true, rateLimit: sourceLimits.login } }, async (request, reply) => {
    const { sid } = fastify.accessOf(request)
    const { account, addressTag } = await fastify.proveCurrentPassword(request, reply, request.body.password, 'reauthentication')
    if (account.isTwoFactorEnabled || config.twoFactorRequired) {
      return await fastify.askSecondStep(request, reply, { account, addressTag, purpose: 'reauth', event: 'password', attemptId: sid })
    }
    const session = await fastify.reauthentication.markRecent({ accountId: account.id, sid, client: fastify.clientOf(request) }, account.credentialVersion)
    return { twoFactorRequired: false as const, message: sentences(account.locale).messages.signedIn, ...fastify.answerAccess(session) }
  })
}

export default route
