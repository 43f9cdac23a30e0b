import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { Problem } from '../../src/errors.ts'
import { Body, LocaleName, Name, IdempotencyHeaders, secondStepAnswer, SecondStepSchema, UserSchema } from '../../src/schemas.ts'

const schema = {
  operationId: 'updateMe',
  summary: 'Change the profile, or turn two-step verification on or off',
  description:
    'Turning anything on or off needs a recent proof. Turning two-step verification on ends every session without it and mails the first ' +
    'code at once (`challenge`, cookie `pending`). Turning it off is refused where the operator requires it, for admins, and while the ' +
    'password is shorter than 15 characters. Codes by mail can be turned off only beside an authenticator app or passkeys.',
  tags: ['Account'],
  params: Type.Object({ id: Type.String({ maxLength: 64 }) }),
  headers: IdempotencyHeaders,
  body: Body({
    name: Type.Optional(Name),
    locale: Type.Optional(LocaleName),
    isTwoFactorEnabled: Type.Optional(Type.Boolean()),
    isEmailCodeEnabled: Type.Optional(Type.Boolean())
  }),
  response: { 200: Type.Object({ user: UserSchema, challenge: Type.Optional(SecondStepSchema) }) }
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  const { cookies, flows } = fastify

  fastify.patch('/:id', { schema, config: { access: 'second-factor' } }, async (request, reply) => {
    const { id } = request.params
    if (id !== 'me' && id !== request.principal.user.id) throw new Problem('NOT_FOUND')
    const { user, challenge, isSessionOver } = await flows.changeProfile(fastify.requester(request), request.principal, request.body)
    if (isSessionOver) cookies.clearSession(reply)
    if (!challenge) return { user }
    cookies.keepChallenge(reply, challenge)
    return { user, challenge: secondStepAnswer(challenge, user.locale) }
  })
}

export default route
