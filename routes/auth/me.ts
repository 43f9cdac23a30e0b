import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox'
import { Problem } from '../../src/errors.ts'
import { security, UserSchema } from '../../src/schemas.ts'

const schema = {
  summary: 'Who I am',
  tags: ['Session'],
  security: security.access,
  response: { 200: Type.Object({ user: UserSchema }) }
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  fastify.get('/me', { schema, preHandler: fastify.requireTwoFactor }, async (request) => {
    if (!request.access) throw new Problem('TOKEN_MISSING')
    return { user: request.access.user }
  })
}

export default route
