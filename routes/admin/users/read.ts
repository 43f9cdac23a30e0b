import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { Problem } from '../../../src/errors.ts'
import { AccountId, AdminUserSchema, security } from '../../../src/schemas.ts'

const schema = {
  summary: 'One account',
  tags: ['Administration'],
  security: security.access,
  params: Type.Object({ id: AccountId }),
  response: { 200: Type.Object({ user: AdminUserSchema }) }
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  fastify.get('/:id', { schema, preHandler: fastify.requireAdmin }, async (request) => {
    const user = await fastify.administration.find(request.params.id)
    if (!user) throw new Problem('NOT_FOUND')
    return { user }
  })
}

export default route
