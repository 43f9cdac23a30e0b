import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { sentences } from '../../../src/platform/locales/index.ts'
import { security } from '../../../src/schemas.ts'

const schema = {
  summary: 'New recovery codes, shown only here',
  description:
    'The old ones are dead. Ends all other sessions, running attempts and trusted devices, and mails the owner. Only beside an ' +
    'authenticator, else `CONFLICT`.',
  tags: ['Second factors'],
  security: security.access,
  response: { 200: Type.Object({ message: Type.String(), recoveryCodes: Type.Array(Type.String()) }) }
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  fastify.post('/recovery-codes', { schema, config: { access: 'recent' } }, async (request) => {
    const recoveryCodes = await fastify.flows.authenticator.renewRecoveryCodes(fastify.requester(request), request.principal)
    return { message: sentences(request.principal.user.locale).messages.recoveryCodesNew, recoveryCodes }
  })
}

export default route
