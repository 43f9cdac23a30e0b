import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { AccountId, Body, RoleName, security, StatusName, UserSchema } from '../../../src/schemas.ts'

const schema = {
  summary: 'Change role or status, or lift the lock of the code step',
  description: 'A change of role or status ends every session of the account. Nobody changes their own.',
  tags: ['Administration'],
  security: security.access,
  params: Type.Object({ id: AccountId }),
  body: Body({ role: Type.Optional(RoleName), status: Type.Optional(StatusName), liftLocks: Type.Optional(Type.Literal(true)) }),
  response: { 200: Type.Object({ user: UserSchema }) }
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  fastify.patch('/:id', { schema, config: { access: 'admin' } }, async (request) => {
    const user = await fastify.flows.administration.change(fastify.requester(request), request.principal, request.params.id, request.body)
    return { user }
  })
}

export default route
