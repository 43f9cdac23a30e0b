import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { type Locale, sentences } from '../../../src/platform/locales/index.ts'
import type { Purpose } from '../../../src/records/challenges/challenge.ts'
import { Body, Captcha, Email } from '../../../src/schemas.ts'

const schema = {
  operationId: 'resendCode',
  summary: 'Send the code again, or over another channel',
  description: 'The same code while at least half of its time is left. Otherwise, and over another channel, a new one, which replaces it.',
  tags: ['Sign-up and sign-in'],
  body: Body({
    email: Type.Optional(Email),
    method: Type.Optional(Type.Union([Type.Literal('email'), Type.Literal('sms')])),
    captcha: Type.Optional(Captcha)
  }),
  response: { 200: Type.Object({ message: Type.String(), ttlMinutes: Type.Integer(), resendAfterSeconds: Type.Integer() }) }
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  fastify.post('/resend', {
    schema,
    config: { access: 'pending', limit: 'resend' },
    // Every field is optional, and so is the body.
    preValidation: async (request) => { request.body ??= {} }
  }, async (request) => {
    const { email, method, captcha } = request.body
    const requester = fastify.requester(request)
    const { purpose, destination, ttlMinutes, resendAfterSeconds } =
      await fastify.flows.secondStep.resend(requester, request.challenge, { email, method, captcha })
    return { message: sentenceFor(purpose, destination, requester.locale), ttlMinutes, resendAfterSeconds }
  })
}

function sentenceFor (purpose: Purpose, destination: string, locale: Locale): string {
  const { messages } = sentences(locale)
  if (purpose === 'phone') return messages.codeSentPhone({ destination })
  return purpose === 'login' || purpose === 'reauth' ? messages.codeSentLogin({ destination }) : messages.codeSent({ destination })
}

export default route
