import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { AccountId, AdminUserSchema, IdempotencyHeaders } from '../../../src/schemas.ts'

const schema = {
  operationId: 'renewInvitation',
  summary: 'Mail a new link to somebody who is invited',
  description: 'The older link stops working. To revoke an invitation, delete its account.',
  tags: ['Administration'],
  headers: IdempotencyHeaders,
  params: Type.Object({ id: AccountId }),
  response: {
    200: Type.Object({
      user: AdminUserSchema, invitation: Type.Object({ expiresAt: Type.Union([Type.String({ format: 'date-time' }), Type.Null()]) })
    })
  }
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  fastify.post('/:id/invite', { schema, config: { access: { scope: 'users:write', or: 'recent-admin' } } }, async (request) => {
    const user = await fastify.flows.invitations.renew(fastify.requester(request), request.params.id)
    return { user, invitation: user.invitation ?? { expiresAt: null } }
  })
}

export default route
