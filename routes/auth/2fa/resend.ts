import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { toMinutes } from '../../../src/records/challenges/challenge.ts'
import { Problem } from '../../../src/errors.ts'
import { sentences } from '../../../src/platform/locales/index.ts'
import { Body, Captcha, Email, security } from '../../../src/schemas.ts'
import { maskDestination } from '../../../src/records/second-factors/methods.ts'

const schema = {
  summary: 'Send the code again, or over another channel',
  description: 'The same code while at least half its life is left, else (and over another channel) a new one; then the old one dies.',
  tags: ['Sign-up and login'],
  security: security.pending,
  body: Body({ email: Type.Optional(Email), method: Type.Optional(Type.Union([Type.Literal('email'), Type.Literal('sms')])), captcha: Type.Optional(Captcha) }),
  response: { 200: Type.Object({ message: Type.String(), ttlMinutes: Type.Integer(), resendAfterSeconds: Type.Integer() }) }
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  const { challenges, challengeRules, sourceLimits } = fastify

  fastify.post('/resend', {
    schema,
    config: { rateLimit: sourceLimits.resend },
    preHandler: fastify.requirePending,
    // Every field is optional, and so is the body.
    preValidation: async (request) => { request.body ??= {} }
  }, async (request) => {
    const { method, ...challenge } = fastify.challengeOf(request)
    const { email, method: asked, captcha } = request.body
    const attempt = await challenges.find(challenge)
    if (!attempt) throw new Problem('CHALLENGE_INVALID')

    const isSecondStep = challenge.purpose === 'login' || challenge.purpose === 'reauth'
    const channel = asked ?? attempt.channel ?? (method === 'sms' ? 'sms' : 'email')
    if (isSecondStep ? !fastify.usableMethods(attempt.factors).includes(channel) : channel !== attempt.channel) throw fastify.invalidField(request, '/method')

    const source = fastify.sourceOf(request)
    const hammered = await fastify.addressTags.of(attempt.email)
    await fastify.requireCaptcha({ addressTag: hammered, source, captcha })
    const addressTag = email === undefined ? '' : await fastify.addressTags.of(email)
    // Somebody else's address or number may get the code: it has a budget of its own, beside the account's.
    const newTag = attempt.fields['newTag']
    if (newTag && attempt.resendLeftMs === 0) await fastify.addressBindings.takeMail(newTag)
    const { codeLeftMs, mailNo } = await challenges.resend(challenge, { addressTag, channel, client: fastify.clientOf(request) })
    await fastify.pressure.add(hammered, source)
    await fastify.mailer.send({ kind: 'code', ...challenge, mailNo })
    const { messages } = sentences(fastify.localeOf(request))
    const destination = maskDestination(channel, attempt.fields['email'] ?? attempt.email, attempt.fields['phone'] ?? attempt.phone)
    return {
      message: challenge.purpose === 'phone' ? messages.codeSentPhone(destination) : isSecondStep ? messages.codeSentLogin(destination) : messages.codeSent(destination),
      ttlMinutes: toMinutes(codeLeftMs),
      resendAfterSeconds: Math.ceil(challengeRules.resendIntervalMs / 1000)
    }
  })
}

export default route
