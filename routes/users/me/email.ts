import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { canonicalAddress, maskAddress } from '../../../src/records/accounts/address.ts'
import { Problem } from '../../../src/errors.ts'
import { sentences } from '../../../src/platform/locales/index.ts'
import { Body, Email, security, SentCodeSchema } from '../../../src/schemas.ts'

const schema = {
  summary: 'Change the address: mails a code to the new one',
  description: 'The address changes when `/users/me/email/confirm` has had that code; the old one gets a notice at once. For an address that has an account the answer is the same, no code is mailed, and its owner gets a notice. `CONFLICT` for the address that the account has.',
  tags: ['Account'],
  security: security.access,
  body: Body({ email: Email }),
  response: { 200: SentCodeSchema }
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  const { accounts, addressBindings, addressTags, challenges } = fastify

  fastify.post('/email', { schema, preHandler: fastify.requireRecent, config: { rateLimit: fastify.sourceLimits.register } }, async (request, reply) => {
    const { user } = fastify.accessOf(request)
    const email = canonicalAddress(request.body.email)
    if (email === user.email) throw new Problem('CONFLICT')
    const [addressTag, newTag] = await Promise.all([addressTags.of(user.email), addressTags.of(email)])
    const account = await accounts.findByAddress(user.id, addressTag)
    if (!account) throw new Problem('SESSION_ENDED')

    await addressBindings.takeMail(newTag)
    const isTaken = await addressBindings.isTaken(newTag)
    const challenge = await challenges.open({
      purpose: 'email-change',
      account,
      addressTag: newTag,
      channel: 'email',
      client: fastify.clientOf(request),
      event: 'email_change_requested',
      extra: { email, newTag, decoy: isTaken ? '1' : '0' }
    })
    await fastify.notifyAddress(request, user, 'emailChangeRequested')
    const attempt = await fastify.startAttempt(reply, challenge)
    const destination = maskAddress(email)
    return { message: sentences(user.locale).messages.codeSent(destination), destination, ...attempt }
  })
}

export default route
