import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { optionalSecurity, UserSchema } from '../../src/schemas.ts'

const schema = {
  operationId: 'getSession',
  summary: 'Who is signed in in this browser',
  description: 'Reads the cookie `refresh` without rotating or extending it. For a page that wants to know whether to offer a sign-in.',
  tags: ['Sessions'],
  security: optionalSecurity.refresh,
  response: { 200: Type.Object({ user: Type.Union([UserSchema, Type.Null()]) }) }
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  const { cookies, flows } = fastify

  fastify.get('/session', { schema, config: { access: 'public' } }, async (request) =>
    ({ user: await flows.sessions.look(cookies.read(request, 'refresh')) }))
}

export default route
