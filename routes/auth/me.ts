import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { UserSchema } from '../../src/schemas.ts'

const schema = {
  operationId: 'getMe',
  summary: 'Who I am',
  tags: ['Sessions'],
  response: { 200: Type.Object({ user: UserSchema }) }
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  fastify.get('/me', { schema, config: { access: 'second-factor' } }, async (request) => ({ user: request.principal.user }))
}

export default route
