import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { Problem } from '../../../src/errors.ts'
import { AccountId, ActivitySchema, Cursor, Page, security } from '../../../src/schemas.ts'

const schema = {
  summary: 'What happened to an account, newest first',
  tags: ['Administration'],
  security: security.access,
  params: Type.Object({ id: AccountId }),
  querystring: Type.Object({ cursor: Type.Optional(Cursor) }, { additionalProperties: false }),
  response: { 200: Page(ActivitySchema) }
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  fastify.get('/:id/activity', { schema, preHandler: fastify.requireAdmin }, async (request) => {
    const { id } = request.params
    if (!await fastify.accounts.find(id)) throw new Problem('NOT_FOUND')
    return await fastify.activity.listFor(id, request.query.cursor)
  })
}

export default route
