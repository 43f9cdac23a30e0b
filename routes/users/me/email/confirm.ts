import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { Problem } from '../../../../src/errors.ts'
import { hashToken } from '../../../../src/platform/ids.ts'
import { sentences } from '../../../../src/platform/locales/index.ts'
import { Body, IdempotencyHeaders, Otp, PendingToken, security, UserSchema } from '../../../../src/schemas.ts'

const schema = (codeLength: number) => ({
  summary: 'The code from the new address: changes it',
  description: 'From now on the new address signs in. Ends all other sessions, running attempts and trusted devices, and mails the old address. `CONFLICT` when somebody has signed up with the new one meanwhile. The attempt is the one of `pendingToken`, else of the cookie `pending`.',
  tags: ['Account'],
  security: security.access,
  headers: IdempotencyHeaders,
  body: Body({ otp: Otp(codeLength), pendingToken: Type.Optional(PendingToken) }),
  response: { 200: Type.Object({ message: Type.String(), user: UserSchema }) }
})

/** Lets one mail stand for all the calls that run at once. */
const MAIL_DELAY_MS = 1_000

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  const { accounts, addressBindings, addressTags, emailChanges } = fastify

  fastify.post('/confirm', { schema: schema(fastify.config.codeLength), preHandler: fastify.requireRecent }, async (request, reply) => {
    const { user: before } = fastify.accessOf(request)
    const session = fastify.askingSession(request)
    const { otp, pendingToken } = request.body

    return await fastify.once(request, { owner: { accountId: before.id }, binding: session.sid }, confirm, async () => {
      fastify.clearCookie(reply, 'pending')
      return { message: sentences(before.locale).messages.emailChanged, user: before }
    })

    async function confirm () {
      const challenge = fastify.ownAttempt(request, 'email-change', pendingToken)
      const { newTag } = await fastify.checked(request, challenge, 'email', async () => await emailChanges.verifyCode(session, challenge, otp))
      const oldTag = await addressTags.of(before.email)
      const oldVersion = await addressBindings.version(oldTag)
      const newVersion = await addressBindings.bind(before.id, newTag).catch(async (error: unknown) => {
        if (error instanceof Problem) await fastify.recordActivity(request, before.id, 'email_changed', 'conflict', 'email')
        throw error
      })
      // Announced before it is done, so that no crash keeps it from the old address; the worker waits until it is.
      await fastify.notifyAddress(request, before, 'emailChanged', { id: hashToken(`changed ${challenge.attemptId}`), delayMs: MAIL_DELAY_MS })
      const user = await emailChanges.complete(session, challenge, oldTag).catch(async (error: unknown) => {
        const now = await accounts.find(before.id)
        if (error instanceof Problem && (!now || await addressTags.of(now.email) !== newTag)) await addressBindings.release(before.id, newTag, newVersion)
        throw error
      })
      await emailChanges.leave(before.id, oldTag, oldVersion)

      fastify.clearCookie(reply, 'pending')
      return { message: sentences(user.locale).messages.emailChanged, user }
    }
  })
}

export default route
