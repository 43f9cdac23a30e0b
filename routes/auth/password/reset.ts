import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { NOBODY, toLocale } from '../../../src/records/accounts/account.ts'
import { Problem } from '../../../src/errors.ts'
import { sentences } from '../../../src/platform/locales/index.ts'
import { Body, IdempotencyHeaders, Otp, Password, security } from '../../../src/schemas.ts'

const schema = (codeLength: number) => ({
  summary: 'Choose a new password with the mailed code',
  description: 'Signs nobody in and skips no second step. Ends all sessions, and lifts the lock of the code step. A refused new password does not spend the code.',
  tags: ['Account'],
  security: security.pending,
  headers: IdempotencyHeaders,
  body: Body({ otp: Otp(codeLength), newPassword: Password }),
  response: { 200: Type.Object({ message: Type.String() }) }
})

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  const { accounts, challenges, credentials, resets } = fastify

  fastify.post('/reset', { schema: schema(fastify.config.codeLength), preHandler: fastify.requirePending, config: { worksOnPasswords: true, rateLimit: fastify.sourceLimits.login } }, async (request, reply) => {
    const { otp, newPassword } = request.body
    const challenge = fastify.challengeOf(request)
    if (challenge.purpose !== 'reset') throw new Problem('CHALLENGE_INVALID')
    return await fastify.once(request, { owner: { addressTag: challenge.ownerKey }, binding: challenge.attemptId }, reset, async ({ locale }) => {
      fastify.clearSession(reply)
      return { message: sentences(toLocale(locale)).messages.passwordReset }
    })

    async function reset () {
      const attempt = await challenges.find(challenge)
      if (!attempt) throw new Problem('CHALLENGE_INVALID')
      // What can be said without knowing the account is said first, alike for an address that has none.
      await fastify.requireStrongPassword(request, '/newPassword', newPassword, { email: attempt.email, name: '', isTwoFactorEnabled: true })

      const holderId = attempt.isDecoy ? NOBODY : attempt.fields['accountId'] ?? NOBODY
      const { accountId, credentialVersion } = await fastify.checked(request, challenge, 'email', async () => await resets.verifyCode(challenge, otp))
        .catch(async (error: unknown) => {
          if (error instanceof Problem) await fastify.recordActivity(request, holderId, 'password_reset', 'wrong', 'email')
          throw error
        })
      const account = await accounts.find(accountId)
      if (!account) throw new Problem('CHALLENGE_INVALID')
      await fastify.requireStrongPassword(request, '/newPassword', newPassword, account)
      await credentials.resetPassword(accountId, { credentialVersion, password: await fastify.newPassword(newPassword), client: fastify.clientOf(request) })

      request.turn?.record({ locale: account.locale })
      fastify.clearSession(reply)
      await fastify.notifyOwner(request, accountId, 'passwordReset')
      return { message: sentences(account.locale).messages.passwordReset }
    }
  })
}

export default route
