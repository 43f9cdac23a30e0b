import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { sentences } from '../../../src/platform/locales/index.ts'
import { Body, Email, SentCodeSchema } from '../../../src/schemas.ts'

const schema = {
  operationId: 'changeEmail',
  summary: 'Change the address: mails a code to the new one',
  description:
    'The address changes once `/users/me/email/confirm` has received that code; the old one gets a notice at once. For an address that ' +
    'has an account the answer is the same, no code is mailed, and its owner gets a notice. `CONFLICT` for the address that this ' +
    'account already has.',
  tags: ['Account'],
  body: Body({ email: Email }),
  response: { 200: SentCodeSchema }
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  const { cookies, flows } = fastify

  fastify.post('/email', { schema, config: { access: 'recent', limit: 'register' } }, async (request, reply) => {
    const { destination, challenge } = await flows.emailChange.start(fastify.requester(request), request.principal, request.body.email)
    const { messages } = sentences(request.principal.user.locale)
    return { message: messages.codeSent({ destination }), destination, ...cookies.keepChallenge(reply, challenge) }
  })
}

export default route
