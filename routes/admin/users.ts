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

const PAGE = 50

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  const { accounts, addressTags, administration } = fastify

  fastify.get('/users', { schema, preHandler: fastify.requireAdmin }, async (request) => {
    const { cursor = '', email } = request.query
    if (email === undefined) return await administration.list(cursor, PAGE)
    const found = await accounts.findOwner(await addressTags.of(email))
    return { items: found ? [found] : [], nextCursor: null }
  })
}

export default route
