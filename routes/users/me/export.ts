import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { PasskeySchema } from '../../../src/passkey-schemas.ts'
import { ActivitySchema, UserSchema } from '../../../src/schemas.ts'

const Seen = {
  id: Type.String(),
  device: Type.String(),
  ip: Type.String(),
  createdAt: Type.String({ format: 'date-time' }),
  lastSeenAt: Type.String({ format: 'date-time' })
}

const schema = {
  operationId: 'exportMyData',
  summary: 'Everything held about my account, in one file',
  description: 'JSON, as an attachment. Secrets are no part of it: the password is held as a hash, the authenticator sealed.',
  tags: ['Account'],
  response: {
    200: Type.Object({
      exportedAt: Type.String({ format: 'date-time' }),
      profile: UserSchema,
      phone: Type.Union([Type.String(), Type.Null()]),
      timeZone: Type.Union([Type.String(), Type.Null()], { description: 'The one that mails give times in.' }),
      passkeys: Type.Array(PasskeySchema),
      recoveryCodesLeft: Type.Integer(),
      wrongCodesInRow: Type.Integer(),
      wrongCodesInLastDay: Type.Integer(),
      mailsInLastDay: Type.Integer(),
      knownDevices: Type.Integer({ description: 'Browsers that have signed in before; only the hash of a random cookie is held.' }),
      sessions: Type.Array(Type.Object({ ...Seen, amr: Type.Array(Type.String()) })),
      trustedDevices: Type.Array(Type.Object({ ...Seen, expiresAt: Type.String({ format: 'date-time' }) })),
      attempts: Type.Array(Type.Object({
        purpose: Type.String(),
        createdAt: Type.String({ format: 'date-time' }),
        ip: Type.String(),
        device: Type.String(),
        destination: Type.Union([Type.String(), Type.Null()], { description: 'A new address or number that is not confirmed yet.' })
      }), { description: 'Attempts that wait for a code.' }),
      activity: Type.Array(ActivitySchema)
    })
  }
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  fastify.get('/export', { schema, config: { access: 'recent' } }, async (request, reply) => {
    const exported = await fastify.flows.exportAccount(fastify.requester(request), request.principal)
    reply.header('content-disposition', 'attachment; filename="dvokrok-account.json"')
    return exported
  })
}

export default route
