import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { EVENTS, type EventName } from '../../src/records/activity/activity.ts'
import { Cursor, Page } from '../../src/schemas.ts'

const schema = {
  operationId: 'listAdminActivity',
  summary: 'What admins, service keys and the command line did to accounts, newest first',
  description: 'Kept for 180 days, even after the account is deleted.',
  tags: ['Administration'],
  querystring: Type.Object({ cursor: Type.Optional(Cursor) }, { additionalProperties: false }),
  response: {
    200: Page(Type.Object({
      at: Type.String({ format: 'date-time' }),
      actor: Type.Object({
        kind: Type.Unsafe<'admin' | 'key' | 'cli'>({ type: 'string', enum: ['admin', 'key', 'cli'] }),
        id: Type.String(),
        name: Type.String()
      }),
      action: Type.Unsafe<EventName>({ type: 'string', enum: EVENTS, examples: ['account_disabled'] }),
      accountId: Type.String(),
      ip: Type.String(),
      device: Type.String(),
      reason: Type.Optional(Type.String({ description: 'Why an account was disabled, as the admin wrote it.' }))
    }))
  }
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  fastify.get('/activity', { schema, config: { access: 'admin' } }, async (request) =>
    await fastify.flows.administration.log(request.query.cursor))
}

export default route
