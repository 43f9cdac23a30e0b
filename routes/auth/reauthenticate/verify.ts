import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { readSecondStepAnswer } from '../../../src/flows/second-step-answer.ts'
import { sentences } from '../../../src/platform/locales/index.ts'
import { SecondStepAnswerBody } from '../../../src/passkey-schemas.ts'
import { Body, TokenSchema } from '../../../src/schemas.ts'

const schema = {
  operationId: 'verifyReauthentication',
  summary: 'Finish a reauthentication with the code or a passkey',
  description:
    'Answers a fresh access token of the same session. Wrong codes count like those of a login; when the attempt is used up the session ' +
    'ends. The answer to `/auth/2fa/passkey/options` comes as `passkey`.',
  tags: ['Sessions'],
  body: Body(SecondStepAnswerBody),
  response: { 200: Type.Object({ message: Type.String(), ...TokenSchema.properties }) }
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  const { cookies, flows } = fastify

  fastify.post('/verify', { schema, config: { access: 'second-factor' } }, async (request, reply) => {
    const grant = await flows.reauthentication.verify(fastify.requester(request), request.principal, readSecondStepAnswer(request.body))
    cookies.clear(reply, 'pending')
    return { message: sentences(grant.user.locale).messages.signedIn, ...grant }
  })
}

export default route
