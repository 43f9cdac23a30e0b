import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { maskAddress } from '../../src/records/accounts/address.ts'
import { sentences } from '../../src/platform/locales/index.ts'
import { Body, Captcha, ChallengeSchema, Email, LocaleName, Name, IdempotencyHeaders, Password, TimeZone } from '../../src/schemas.ts'

const schema = {
  operationId: 'register',
  summary: 'Sign up: mails a code',
  description:
    'The account exists once `POST /auth/verify-otp` has received the code. For an address that has an account the answer ' +
    'is the same, no code is mailed, and its owner gets a notice.',
  tags: ['Sign-up and sign-in'],
  headers: IdempotencyHeaders,
  body: Body({
    name: Name,
    email: Email,
    password: Password,
    locale: Type.Optional(LocaleName),
    timeZone: Type.Optional(TimeZone),
    captcha: Type.Optional(Captcha)
  }),
  response: {
    201: Type.Object({
      success: Type.Literal(true),
      emailSent: Type.Boolean({ description: 'Whether the mail is safely in the outbox.' }),
      userId: Type.String(),
      ...ChallengeSchema.properties
    })
  }
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  const { cookies, flows } = fastify

  fastify.post('/register', { schema, config: { access: 'public', limit: 'register', worksOnPasswords: true } }, async (request, reply) => {
    const { name, email: typed, password, locale, captcha } = request.body
    const requester = fastify.requester(request)
    const { email, userId, challenge } = await flows.signUp.start(requester, { name, email: typed, password, locale, captcha })
    const { messages } = sentences(requester.locale)
    return await reply.code(201).send({
      success: true,
      emailSent: true,
      message: messages.codeSent({ destination: maskAddress(email) }),
      userId,
      ...cookies.keepChallenge(reply, challenge)
    })
  })
}

export default route
