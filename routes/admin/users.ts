import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { Email, security, UserSchema } from '../../src/schemas.ts'

const schema = {
  summary: 'List accounts, or find one by its address',
  description: 'About 50 a page, in no order; go on with `nextCursor` until it is null.',
  tags: ['Administration'],
  security: security.access,
  querystring: Type.Object({
    cursor: Type.Optional(Type.String({ maxLength: 64, pattern: '^[\\w-]*$' })),
    email: Type.Optional(Email)
  }, { additionalProperties: false }),
  response: { 200: Type.Object({ items: Type.Array(UserSchema), nextCursor: Type.Union([Type.String(), Type.Null()]) }) }
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  const { administration } = fastify.flows

  fastify.get('/users', { schema, config: { access: 'admin' } }, async (request) => await administration.list(request.query))
}

export default route
