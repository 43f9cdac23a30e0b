import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { sentences } from '../../../src/platform/locales/index.ts'

const common = { tags: ['Two-step verification'] }

const countSchema = {
  ...common,
  operationId: 'countMyRecoveryCodes',
  summary: 'How many recovery codes are left',
  description: 'The codes themselves are shown only when they are made.',
  response: { 200: Type.Object({ left: Type.Integer() }) }
}

const renewSchema = {
  ...common,
  operationId: 'renewRecoveryCodes',
  summary: 'New recovery codes, shown only here',
  description:
    'The old ones stop working. Ends all other sessions, running attempts and trusted devices, and mails the owner. `CONFLICT` ' +
    'unless the account has an authenticator or a passkey.',
  response: { 200: Type.Object({ message: Type.String(), recoveryCodes: Type.Array(Type.String()) }) }
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  fastify.get('/recovery-codes', { schema: countSchema, config: { access: 'second-factor' } }, async (request) =>
    ({ left: await fastify.flows.authenticator.recoveryCodesLeft(request.principal) }))

  fastify.post('/recovery-codes', { schema: renewSchema, config: { access: 'recent' } }, async (request) => {
    const recoveryCodes = await fastify.flows.authenticator.renewRecoveryCodes(fastify.requester(request), request.principal)
    return { message: sentences(request.principal.user.locale).messages.recoveryCodesNew, recoveryCodes }
  })
}

export default route
