import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { bearerOf } from '../../../src/platform/http/request-parsing.ts'
import { sentences } from '../../../src/platform/locales/index.ts'
import { Body, Captcha, ChallengeSchema, Email } from '../../../src/schemas.ts'

const schema = {
  operationId: 'forgotPassword',
  summary: 'Ask for a password reset: mails a code',
  description: 'The answer is the same for any address. If there is no account, no code is mailed.',
  tags: ['Sign-up and sign-in'],
  body: Body({ email: Email, captcha: Type.Optional(Captcha) }),
  response: { 202: ChallengeSchema }
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  const { cookies, flows } = fastify

  fastify.post('/forgot', { schema, config: { access: 'public', limit: 'register' } }, async (request, reply) => {
    const { email, captcha } = request.body
    const requester = fastify.requester(request)
    const pendingToken = bearerOf(request) ?? cookies.read(request, 'pending')
    const challenge = await flows.passwordReset.start(requester, { email, captcha, pendingToken })
    const { messages } = sentences(requester.locale)
    return await reply.code(202).send({ message: messages.resetCodeSent, ...cookies.keepChallenge(reply, challenge) })
  })
}

export default route
