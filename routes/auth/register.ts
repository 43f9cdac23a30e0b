import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { canonicalAddress, maskAddress } from '../../src/records/accounts/address.ts'
import { newId } from '../../src/platform/ids.ts'
import { sentences } from '../../src/platform/locales/index.ts'
import { Body, Captcha, ChallengeSchema, Email, LocaleName, Name, IdempotencyHeaders, Password } from '../../src/schemas.ts'

const schema = {
  summary: 'Sign up: mails a code',
  description: 'The account exists from the moment the code is confirmed by `POST /auth/verify-otp`. For an address that has an account the answer is the same, no code is mailed, and its owner gets a notice.',
  tags: ['Sign-up and login'],
  headers: IdempotencyHeaders,
  body: Body({ name: Name, email: Email, password: Password, locale: Type.Optional(LocaleName), captcha: Type.Optional(Captcha) }),
  response: {
    201: Type.Object({
      success: Type.Literal(true),
      emailSent: Type.Boolean({ description: 'The mail was accepted by the durable outbox.' }),
      userId: Type.String(),
      ...ChallengeSchema.properties
    })
  }
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  const { accounts, addressTags, registrations, sourceLimits } = fastify

  fastify.post('/register', { schema, config: { public: true, worksOnPasswords: true, rateLimit: sourceLimits.register } }, async (request, reply) => {
    const { password } = request.body
    const name = request.body.name.trim()
    const email = canonicalAddress(request.body.email)
    const say = sentences(fastify.localeOf(request))

    const addressTag = await addressTags.of(email)
    const answer = await fastify.once(request, { owner: { addressTag }, binding: addressTag }, open, async ({ attemptId = '', userId = '' }) => {
      const challenge = { purpose: 'sign-up' as const, ownerKey: addressTag, attemptId }
      return { userId, ...await fastify.resumeAttempt(reply, challenge) }
    })
    return await reply.code(201).send({ success: true, emailSent: true, message: say.messages.codeSent(maskAddress(email)), ...answer })

    async function open () {
      await fastify.requireCaptcha({ addressTag, source: fastify.sourceOf(request), captcha: request.body.captcha })
      const { accountId: holderId } = await registrations.find(addressTag)
      const staleAccountId = await accounts.findByAddress(holderId, addressTag) ? '' : holderId
      await fastify.requireStrongPassword(request, '/password', password, { email, name, isTwoFactorEnabled: true })

      const { record: passwordHash, isLong } = await fastify.newPassword(password)
      const locale = request.body.locale ?? fastify.localeOf(request)
      const [userId, attemptId] = [newId(), newId()]
      const challenge = await registrations.open({
        addressTag,
        staleAccountId,
        registration: { accountId: userId, name, email, passwordHash, isLong, locale },
        client: fastify.clientOf(request),
        attemptId,
        record: request.turn?.record({ attemptId, userId })
      })
      await fastify.pressure.add(addressTag, fastify.sourceOf(request))
      return { userId, ...await fastify.startAttempt(reply, challenge) }
    }
  })
}

export default route
