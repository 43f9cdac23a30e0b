import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { AccountId, ActivitySchema, Cursor, Page } from '../../../src/schemas.ts'

const schema = {
  operationId: 'listUserActivity',
  summary: 'What happened to an account, newest first',
  tags: ['Administration'],
  params: Type.Object({ id: AccountId }),
  querystring: Type.Object({ cursor: Type.Optional(Cursor) }, { additionalProperties: false }),
  response: { 200: Page(ActivitySchema) }
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  fastify.get('/:id/activity', { schema, config: { access: { scope: 'users:read', or: 'admin' } } }, async (request) =>
    await fastify.flows.administration.activityOf(request.params.id, request.query.cursor))
}

export default route
