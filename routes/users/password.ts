import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { sentences } from '../../src/platform/locales/index.ts'
import { Body, IdempotencyHeaders, Password, security } from '../../src/schemas.ts'

const schema = {
  summary: 'Change the password',
  description: 'Ends all other sessions, running attempts and trusted devices, and mails the owner. A wrong current password counts like a wrong login; too many end the session.',
  tags: ['Account'],
  security: security.access,
  headers: IdempotencyHeaders,
  body: Body({ currentPassword: Password, newPassword: Password }),
  response: { 200: Type.Object({ message: Type.String() }) }
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  const { credentials } = fastify

  fastify.put('/password', { schema, preHandler: fastify.requireTwoFactor, config: { worksOnPasswords: true, rateLimit: fastify.sourceLimits.login } }, async (request, reply) => {
    const { currentPassword, newPassword } = request.body
    const { user, sid } = fastify.accessOf(request)
    return await fastify.once(request, { owner: { accountId: user.id }, binding: sid }, change, async () => ({ message: sentences(user.locale).messages.passwordUpdated }))

    async function change () {
      const { account } = await fastify.proveCurrentPassword(request, reply, currentPassword, 'password_changed')
      await fastify.requireStrongPassword(request, '/newPassword', newPassword, user)
      await credentials.changePassword({ accountId: user.id, sid, client: fastify.clientOf(request) },
        { credentialVersion: account.credentialVersion, password: await fastify.newPassword(newPassword) }, request.turn?.record({}))
      await fastify.notifyOwner(request, user.id, 'passwordChanged')
      return { message: sentences(user.locale).messages.passwordUpdated }
    }
  })
}

export default route
