import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { security, UserSchema } from '../../src/schemas.ts'

const schema = {
  summary: 'Who is signed in in this browser',
  description: 'By the cookie `refresh`; nothing is turned or prolonged. For a page that wants to know whether to offer a sign-in.',
  tags: ['Session'],
  security: security.refresh,
  response: { 200: Type.Object({ user: Type.Union([UserSchema, Type.Null()]) }) }
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  const { cookies, flows } = fastify

  fastify.get('/session', { schema, config: { access: 'public' } }, async (request) =>
    ({ user: await flows.sessions.look(cookies.read(request, 'refresh')) }))
}

export default route
