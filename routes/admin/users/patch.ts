import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { Notice } from '../../../src/flows/mail-jobs.ts'
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

const NOTICES: Partial<Record<string, Notice>> = {
  role_changed: 'roleChanged', account_disabled: 'accountDisabled', account_enabled: 'accountEnabled', locks_lifted: 'locksLifted'
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  fastify.patch('/:id', { schema, preHandler: fastify.requireAdmin }, async (request) => {
    const { user: admin } = fastify.accessOf(request)
    const { user, event } = await fastify.administration.change(request.params.id, request.body, { id: admin.id, client: fastify.clientOf(request) })
    request.log.info({ event: 'admin.changed', what: event, account: user.id, admin: admin.id }, 'an admin changed an account')
    const notice = NOTICES[event]
    if (notice) await fastify.notifyOwner(request, user.id, notice)
    return { user }
  })
}

export default route
