import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { sentences } from '../../../../src/platform/locales/index.ts'
import { Body, Otp } from '../../../../src/schemas.ts'

const DIGITS = 6

const schema = {
  operationId: 'confirmTotp',
  summary: 'Turn the authenticator app on with its first code',
  description:
    'Answers the recovery codes, which are shown only here. Turns the second step on if it was off, ends all other sessions, running ' +
    'attempts and trusted devices, and mails the owner. After too many wrong codes, or 15 minutes, the answer is ' +
    '`CHALLENGE_INVALID`: start again.',
  tags: ['Two-step verification'],
  body: Body({ otp: Otp(DIGITS) }),
  response: { 200: Type.Object({ message: Type.String(), recoveryCodes: Type.Array(Type.String()) }) }
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  fastify.post('/confirm', { schema, config: { access: 'recent' } }, async (request) => {
    const recoveryCodes = await fastify.flows.authenticator.confirm(fastify.requester(request), request.principal, request.body.otp)
    return { message: sentences(request.principal.user.locale).messages.totpOn, recoveryCodes }
  })
}

export default route
