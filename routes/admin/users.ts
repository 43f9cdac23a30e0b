import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import {
  AccountStatus, AdminUserSchema, Body, ClaimsSchema, Email, IdempotencyHeaders, LocaleName, Name, OwnRoles
} from '../../src/schemas.ts'

const list = {
  operationId: 'listUsers',
  summary: 'List accounts, or find some by the beginning of address or name',
  description: 'The newest first, 25 a page; with `q`, sorted by the word that matches, in any case. Send `nextCursor` as `cursor` until ' +
    'it is null. `total` is null when there are too many to count. While the index is off or not built: about 50 a page, unsorted, ' +
    'without `total`.',
  tags: ['Administration'],
  querystring: Type.Object({
    q: Type.Optional(Type.String({ maxLength: 254, description: 'Beginnings of the address or of words of the name.' })),
    cursor: Type.Optional(Type.String({ maxLength: 256, pattern: '^[\\w-]*$' })),
    status: Type.Optional(AccountStatus),
    role: Type.Optional(Type.String({ minLength: 1, maxLength: 32, description: 'user, admin, or one of ROLES.', examples: ['admin'] })),
    email: Type.Optional(Email)
  }, { additionalProperties: false }),
  response: {
    200: Type.Object({
      items: Type.Array(AdminUserSchema),
      nextCursor: Type.Union([Type.String(), Type.Null()]),
      total: Type.Union([Type.Integer(), Type.Null()])
    })
  }
}

const invite = {
  operationId: 'inviteUser',
  summary: 'Invite somebody: mails a link',
  description: 'The account is `invited` until its owner opens the link and chooses a password, within 72 hours. `CONFLICT` for an ' +
    'address that has an account or an invitation.',
  tags: ['Administration'],
  headers: IdempotencyHeaders,
  body: Body({
    email: Email,
    name: Type.Optional(Name),
    locale: Type.Optional(LocaleName),
    roles: Type.Optional(OwnRoles),
    claims: Type.Optional(ClaimsSchema)
  }),
  response: {
    201: Type.Object({
      user: AdminUserSchema, invitation: Type.Object({ expiresAt: Type.Union([Type.String({ format: 'date-time' }), Type.Null()]) })
    })
  }
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  const { searchAccounts, invitations } = fastify.flows
  const readers = { scope: 'users:read', or: 'admin' } as const
  const writers = { scope: 'users:write', or: 'recent-admin' } as const

  fastify.get('/users', { schema: list, config: { access: readers } }, async (request) => await searchAccounts(request.query))

  fastify.post('/users', { schema: invite, config: { access: writers } }, async (request, reply) => {
    const user = await invitations.invite(fastify.requester(request), request.body)
    return await reply.code(201).send({ user, invitation: user.invitation ?? { expiresAt: null } })
  })
}

export default route
