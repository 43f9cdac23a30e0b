import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { Page } from '../../../../src/schemas.ts'

const Device = Type.Object({
  id: Type.String({ description: 'Identifies the device; grants no access.' }),
  device: Type.String({ examples: ['Firefox on Linux'] }),
  ip: Type.String({ description: 'Where it signed in last.' }),
  createdAt: Type.String({ format: 'date-time' }),
  lastSeenAt: Type.String({ format: 'date-time', description: 'When it signed in last.' }),
  expiresAt: Type.String({ format: 'date-time', description: 'Trusted until then; each sign-in moves it on.' }),
  current: Type.Boolean({ description: 'Whether it is this browser.' })
}, { title: 'TrustedDevice' })

const schema = {
  operationId: 'listMyDevices',
  summary: 'My trusted browsers, the most recently used first',
  description: 'All at once: there are never more than 50.',
  tags: ['Account'],
  response: { 200: Page(Device) }
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  fastify.get('', { schema, config: { access: 'second-factor' } }, async (request) =>
    ({ items: await fastify.flows.trustedBrowsers.list(fastify.requester(request), request.principal), nextCursor: null }))
}

export default route
