import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { sentences } from '../../src/platform/locales/index.ts'
import { Body, IdempotencyHeaders, LinkToken, LocaleName, LocaleText, Name, Password } from '../../src/schemas.ts'

const look = {
  operationId: 'getInvitation',
  summary: 'Who a mailed invitation is for',
  description: 'Changes nothing.',
  tags: ['Sign-up and sign-in'],
  body: Body({ token: LinkToken }),
  response: {
    200: Type.Object({ email: Type.String(), name: Type.String(), locale: LocaleText, expiresAt: Type.String({ format: 'date-time' }) })
  }
}

const accept = {
  operationId: 'acceptInvitation',
  summary: 'Accept an invitation: choose name and password',
  description: 'The link has proven the address. Nobody is signed in by it: next comes `POST /auth/login`, with the second step as always.',
  tags: ['Sign-up and sign-in'],
  headers: IdempotencyHeaders,
  body: Body({ token: LinkToken, name: Type.Optional(Name), password: Password, locale: Type.Optional(LocaleName) }),
  response: { 200: Type.Object({ message: Type.String(), email: Type.String() }) }
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  const { invitations } = fastify.flows

  fastify.post('/invitation', { schema: look, config: { access: 'public', limit: 'login' } }, async (request) => {
    const { user: { name, locale }, email, endsAtMs } = await invitations.look(request.body.token)
    return { email, name, locale, expiresAt: new Date(endsAtMs).toISOString() }
  })

  const policy = { access: 'public', limit: 'register', worksOnPasswords: true } as const
  fastify.post('/invitation/accept', { schema: accept, config: policy }, async (request) => {
    const { token, name, password, locale } = request.body
    const accepted = await invitations.accept(fastify.requester(request), { token, name, password, locale })
    return { message: sentences(accepted.locale).messages.invitationAccepted, email: accepted.email }
  })
}

export default route
