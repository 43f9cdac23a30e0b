import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { canonicalAddress } from '../../../src/records/accounts/address.ts'
import { NOBODY } from '../../../src/records/accounts/account.ts'
import { sentences } from '../../../src/platform/locales/index.ts'
import { Body, Captcha, ChallengeSchema, Email } from '../../../src/schemas.ts'

const schema = {
  summary: 'Forgot the password: mails a code',
  description: 'The same answer for any address. Where there is no account, no code is mailed.',
  tags: ['Account'],
  body: Body({ email: Email, captcha: Type.Optional(Captcha) }),
  response: { 202: ChallengeSchema }
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  const { accounts, addressTags, registrations, resets } = fastify

  fastify.post('/forgot', { schema, config: { public: true, rateLimit: fastify.sourceLimits.register } }, async (request, reply) => {
    const email = canonicalAddress(request.body.email)
    const addressTag = await addressTags.of(email)
    await fastify.requireCaptcha({ addressTag, source: fastify.sourceOf(request), captcha: request.body.captcha })
    const { accountId } = await registrations.find(addressTag)
    const found = await accounts.findByAddress(accountId, addressTag)
    const account = found?.status === 'active' ? found : null

    const older = fastify.runningAttempt(request)
    const olderId = older?.purpose === 'reset' && older.ownerKey === addressTag ? older.attemptId : ''
    const challenge = await resets.open({ addressTag, email, account, client: fastify.clientOf(request), olderAttemptId: olderId })
    await fastify.pressure.add(addressTag, fastify.sourceOf(request))
    // Before the mail is on its way: its worker is busy for known addresses only, and must not be waited for.
    await fastify.recordActivity(request, account?.id ?? NOBODY, 'password_reset_requested', 'ok', 'email')
    const attempt = await fastify.startAttempt(reply, challenge)
    return await reply.code(202).send({ message: sentences(fastify.localeOf(request)).messages.resetCodeSent, ...attempt })
  })
}

export default route
