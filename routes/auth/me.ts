import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { security, UserSchema } from '../../src/schemas.ts'

const schema = {
  summary: 'Who I am',
  tags: ['Session'],
  security: security.access,
  response: { 200: Type.Object({ user: UserSchema }) }
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  fastify.get('/me', { schema, config: { access: 'second-factor' } }, async (request) => ({ user: request.principal.user }))
}

export default route
