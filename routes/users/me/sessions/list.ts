import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { Page } from '../../../../src/schemas.ts'

const Session = Type.Object({
  id: Type.String({ description: 'Identifies the session; grants no access.' }),
  device: Type.String({ examples: ['Firefox on Linux'] }),
  ip: Type.String({ description: 'Where it was seen last.' }),
  createdAt: Type.String({ format: 'date-time' }),
  lastSeenAt: Type.String({ format: 'date-time', description: 'When it signed in or was refreshed last.' }),
  current: Type.Boolean(),
  amr: Type.Array(
    Type.Union([Type.Literal('pwd'), Type.Literal('otp'), Type.Literal('device'), Type.Literal('pop'), Type.Literal('mfa')]),
    { description: 'How its owner signed in (RFC 8176).' }
  )
}, { title: 'Session' })

const schema = {
  operationId: 'listMySessions',
  summary: 'My sessions, the most recently used first',
  description: 'All at once: there are never more than `SESSIONS_PER_ACCOUNT`.',
  tags: ['Account'],
  response: { 200: Page(Session) }
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  fastify.get('', { schema, config: { access: 'second-factor' } }, async (request) =>
    ({ items: await fastify.flows.sessions.list(request.principal), nextCursor: null }))
}

export default route
