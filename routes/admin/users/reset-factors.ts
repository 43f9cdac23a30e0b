import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { AccountId, AdminUserSchema, IdempotencyHeaders } from '../../../src/schemas.ts'

const schema = {
  operationId: 'resetUserSecondFactors',
  summary: 'Reset the second factors of somebody who has lost them',
  description: 'Removes authenticator, passkeys, recovery codes and trusted browsers, ends every session, and turns codes by mail on ' +
    'again. The owner is told by mail.',
  tags: ['Administration'],
  headers: IdempotencyHeaders,
  params: Type.Object({ id: AccountId }),
  response: { 200: Type.Object({ user: AdminUserSchema }) }
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  fastify.post('/:id/second-factors/reset', { schema, config: { access: 'recent-admin' } }, async (request) =>
    ({ user: await fastify.flows.administration.resetFactors(fastify.requester(request), request.params.id) }))
}

export default route
