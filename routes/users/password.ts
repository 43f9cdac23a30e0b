import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { sentences } from '../../src/platform/locales/index.ts'
import { Body, IdempotencyHeaders, Password } from '../../src/schemas.ts'

const schema = {
  operationId: 'changePassword',
  summary: 'Change the password',
  description:
    'Ends all other sessions, running attempts and trusted devices, and mails the owner. A wrong current password counts like a wrong ' +
    'login; too many end the session.',
  tags: ['Account'],
  headers: IdempotencyHeaders,
  body: Body({ currentPassword: Password, newPassword: Password }),
  response: { 200: Type.Object({ message: Type.String() }) }
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  const config = { access: 'second-factor', limit: 'login', worksOnPasswords: true } as const

  fastify.put('/password', { schema, config }, async (request) => {
    await fastify.flows.changePassword(fastify.requester(request), request.principal, request.body)
    return { message: sentences(request.principal.user.locale).messages.passwordUpdated }
  })
}

export default route
