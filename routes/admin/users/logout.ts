import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { Problem } from '../../../src/errors.ts'
import { AccountId, security } from '../../../src/schemas.ts'

const schema = {
  summary: 'End all sessions of an account',
  tags: ['Administration'],
  security: security.access,
  params: Type.Object({ id: AccountId }),
  response: { 204: Type.Null({ description: 'Signed out everywhere.' }) }
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  const { accounts, sessions } = fastify

  fastify.post('/:id/logout', { schema, preHandler: fastify.requireAdmin }, async (request, reply) => {
    const { user: admin } = fastify.accessOf(request)
    const user = await accounts.find(request.params.id)
    if (!user) throw new Problem('NOT_FOUND')
    await sessions.endAll({ accountId: user.id, actor: { ...fastify.clientOf(request), adminId: admin.id }, event: 'sessions_ended_by_admin' })
    request.log.info({ event: 'admin.logout', account: user.id, admin: admin.id }, 'an admin ended the sessions of an account')
    return await reply.code(204).send(null)
  })
}

export default route
