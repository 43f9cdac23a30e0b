import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { sentences } from '../../../src/platform/locales/index.ts'
import { Body, Phone, security, SentCodeSchema, UserSchema } from '../../../src/schemas.ts'

const startSchema = {
  summary: 'Set a phone number: sends a code to it',
  description: 'The number is the account\'s when `/users/me/phone/confirm` has had that code. 404 where the operator has set no ' +
    '`OTP_WEBHOOK_URL`; `CONFLICT` for the number that the account has.',
  tags: ['Second factors'],
  security: security.access,
  body: Body({ phone: Phone }),
  response: { 200: SentCodeSchema }
}

const removeSchema = {
  summary: 'Forget the phone number',
  description: 'Ends all other sessions, running attempts and trusted devices, and mails the owner. 404 when there is none.',
  tags: ['Second factors'],
  security: security.access,
  response: { 200: Type.Object({ message: Type.String(), user: UserSchema }) }
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  const { cookies, flows } = fastify

  fastify.post('/phone', { schema: startSchema, config: { access: 'recent', limit: 'register' } }, async (request, reply) => {
    const { destination, challenge } = await flows.phoneChange.start(fastify.requester(request), request.principal, request.body.phone)
    const { messages } = sentences(request.principal.user.locale)
    return { message: messages.codeSentPhone(destination), destination, ...cookies.keepChallenge(reply, challenge) }
  })

  fastify.delete('/phone', { schema: removeSchema, config: { access: 'recent' } }, async (request) => {
    const user = await flows.phoneChange.remove(fastify.requester(request), request.principal)
    return { message: sentences(user.locale).messages.phoneOff, user }
  })
}

export default route
