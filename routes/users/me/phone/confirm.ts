import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { sentences } from '../../../../src/platform/locales/index.ts'
import { Body, IdempotencyHeaders, Otp, PendingToken, security, UserSchema } from '../../../../src/schemas.ts'

const schema = (codeLength: number) => ({
  summary: 'The code that came to the number: sets it',
  description: 'From now on a login may send its code there (`POST /auth/2fa/resend { method: "sms" }`). Ends all other sessions, running attempts and trusted devices, and mails the owner. The attempt is the one of `pendingToken`, else of the cookie `pending`.',
  tags: ['Second factors'],
  security: security.access,
  headers: IdempotencyHeaders,
  body: Body({ otp: Otp(codeLength), pendingToken: Type.Optional(PendingToken) }),
  response: { 200: Type.Object({ message: Type.String(), user: UserSchema }) }
})

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  fastify.post('/confirm', { schema: schema(fastify.config.codeLength), preHandler: fastify.requireRecent }, async (request, reply) => {
    const { otp, pendingToken } = request.body
    const { user: before, sid } = fastify.accessOf(request)
    return await fastify.once(request, { owner: { accountId: before.id }, binding: sid }, confirm, async () => {
      fastify.clearCookie(reply, 'pending')
      return { message: sentences(before.locale).messages.phoneOn, user: before }
    })

    async function confirm () {
      const challenge = fastify.ownAttempt(request, 'phone', pendingToken)
      const user = await fastify.checked(request, challenge, 'sms', async () => await fastify.phones.confirm(fastify.askingSession(request), challenge, otp))
      fastify.clearCookie(reply, 'pending')
      await fastify.notifyOwner(request, user.id, 'phoneOn')
      return { message: sentences(user.locale).messages.phoneOn, user }
    }
  })
}

export default route
