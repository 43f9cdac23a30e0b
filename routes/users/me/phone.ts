import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { Problem } from '../../../src/errors.ts'
import { sentences } from '../../../src/platform/locales/index.ts'
import { Body, Phone, security, SentCodeSchema, UserSchema } from '../../../src/schemas.ts'
import { maskPhone } from '../../../src/records/second-factors/methods.ts'

const startSchema = {
  summary: 'Set a phone number: sends a code to it',
  description: 'The number is the account\'s when `/users/me/phone/confirm` has had that code. 404 where the operator has set no `OTP_WEBHOOK_URL`; `CONFLICT` for the number that the account has.',
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
  const { accounts, addressTags, challenges, config, phones } = fastify

  fastify.post('/phone', { schema: startSchema, preHandler: fastify.requireRecent, config: { rateLimit: fastify.sourceLimits.register } }, async (request, reply) => {
    const { user } = fastify.accessOf(request)
    const { phone } = request.body
    if (!config.otpWebhook) throw new Problem('NOT_FOUND')
    const addressTag = await addressTags.of(user.email)
    const account = await accounts.findByAddress(user.id, addressTag)
    if (!account) throw new Problem('SESSION_ENDED')
    if (phone === account.phone) throw new Problem('CONFLICT')

    const newTag = await addressTags.of(phone)
    await fastify.addressBindings.takeMail(newTag)
    const challenge = await challenges.open({
      purpose: 'phone', account, addressTag, channel: 'sms', client: fastify.clientOf(request), event: 'phone_requested', extra: { phone, newTag }
    })
    const attempt = await fastify.startAttempt(reply, challenge, 'sms')
    const destination = maskPhone(phone)
    return { message: sentences(user.locale).messages.codeSentPhone(destination), destination, ...attempt }
  })

  fastify.delete('/phone', { schema: removeSchema, preHandler: fastify.requireRecent }, async (request) => {
    const user = await phones.remove(fastify.askingSession(request))
    await fastify.notifyOwner(request, user.id, 'phoneOff')
    return { message: sentences(user.locale).messages.phoneOff, user }
  })
}

export default route
