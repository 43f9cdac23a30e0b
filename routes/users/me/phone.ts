import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { sentences } from '../../../src/platform/locales/index.ts'
import { Body, Phone, SentCodeSchema, UserSchema } from '../../../src/schemas.ts'

const startSchema = {
  operationId: 'changePhone',
  summary: 'Set a phone number: sends it a code',
  description: 'The number changes once `/users/me/phone/confirm` has received that code. 404 if the operator has set no ' +
    '`OTP_WEBHOOK_URL`; `CONFLICT` for the number that the account already has.',
  tags: ['Two-step verification'],
  body: Body({ phone: Phone }),
  response: { 200: SentCodeSchema }
}

const removeSchema = {
  operationId: 'removePhone',
  summary: 'Remove the phone number',
  description: 'Ends all other sessions, running attempts and trusted devices, and mails the owner. 404 when there is none.',
  tags: ['Two-step verification'],
  response: { 200: Type.Object({ message: Type.String(), user: UserSchema }) }
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  const { cookies, flows } = fastify

  fastify.post('/phone', { schema: startSchema, config: { access: 'recent', limit: 'register' } }, async (request, reply) => {
    const { destination, challenge } = await flows.phoneChange.start(fastify.requester(request), request.principal, request.body.phone)
    const { messages } = sentences(request.principal.user.locale)
    return { message: messages.codeSentPhone({ destination }), destination, ...cookies.keepChallenge(reply, challenge) }
  })

  fastify.delete('/phone', { schema: removeSchema, config: { access: 'recent' } }, async (request) => {
    const user = await flows.phoneChange.remove(fastify.requester(request), request.principal)
    return { message: sentences(user.locale).messages.phoneOff, user }
  })
}

export default route
