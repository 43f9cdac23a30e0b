import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { sentences } from '../../../src/platform/locales/index.ts'
import { security } from '../../../src/schemas.ts'

const schema = {
  summary: 'New recovery codes, shown only here',
  description: 'The old ones are dead. Ends all other sessions, running attempts and trusted devices, and mails the owner. Only beside an authenticator, else `CONFLICT`.',
  tags: ['Second factors'],
  security: security.access,
  response: { 200: Type.Object({ message: Type.String(), recoveryCodes: Type.Array(Type.String()) }) }
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  fastify.post('/recovery-codes', { schema, preHandler: fastify.requireRecent }, async (request) => {
    const { user } = fastify.accessOf(request)
    const recoveryCodes = await fastify.totp.renewRecoveryCodes(fastify.askingSession(request))
    await fastify.notifyOwner(request, user.id, 'recoveryCodesNew')
    return { message: sentences(user.locale).messages.recoveryCodesNew, recoveryCodes }
  })
}

export default route
