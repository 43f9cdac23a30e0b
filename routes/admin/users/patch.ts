import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import {
  AccountId, AdminUserSchema, Body, ClaimsSchema, Email, IdempotencyHeaders, Name, OwnRoles, RoleName, StatusName
} from '../../../src/schemas.ts'

const schema = {
  operationId: 'updateUser',
  summary: 'Change an account',
  description: 'A change of role or status ends every session of the account. A new address gets a link by mail and takes effect when ' +
    'its owner opens it; sending the current address cancels that. Admins cannot change themselves.',
  tags: ['Administration'],
  headers: IdempotencyHeaders,
  params: Type.Object({ id: AccountId }),
  body: Body({
    role: Type.Optional(RoleName),
    status: Type.Optional(StatusName),
    reason: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'For the log: why the status changes.' })),
    liftLocks: Type.Optional(Type.Literal(true)),
    name: Type.Optional(Name),
    email: Type.Optional(Email),
    roles: Type.Optional(OwnRoles),
    claims: Type.Optional(ClaimsSchema)
  }),
  response: { 200: Type.Object({ user: AdminUserSchema }) }
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  fastify.patch('/:id', { schema, config: { access: { scope: 'users:write', or: 'recent-admin' } } }, async (request) =>
    ({ user: await fastify.flows.administration.change(fastify.requester(request), request.params.id, request.body) }))
}

export default route
