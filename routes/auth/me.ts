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
  fastify.get('/me', { schema, preHandler: fastify.requireTwoFactor }, async (request) => {
    return { user: fastify.accessOf(request).user }
  })
}

export default route
