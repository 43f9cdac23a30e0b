import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { ActivitySchema, Cursor, Page } from '../../../src/schemas.ts'

const schema = {
  operationId: 'listMyActivity',
  summary: 'What happened to my account, newest first',
  description: 'The last 1,000 security events of the last 180 days, 50 a page. Successful refreshes are not among them.',
  tags: ['Account'],
  querystring: Type.Object({ cursor: Type.Optional(Cursor) }, { additionalProperties: false }),
  response: { 200: Page(ActivitySchema) }
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  fastify.get('/activity', { schema, config: { access: 'second-factor' } }, async (request) => {
    return await fastify.flows.activity.listFor(request.principal.user.id, request.query.cursor)
  })
}

export default route
