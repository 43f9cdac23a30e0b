import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { sentences } from '../../../../src/platform/locales/index.ts'
import { Body, IdempotencyHeaders, Otp, PendingToken, UserSchema } from '../../../../src/schemas.ts'

const schema = (codeLength: number) => ({
  operationId: 'confirmEmail',
  summary: 'Confirm the new address with its code',
  description:
    'From then on its owner signs in with the new address. Ends all other sessions, running attempts and trusted devices, and mails ' +
    'the old address. `CONFLICT` if somebody has signed up with the new one in the meantime. The attempt is that of `pendingToken`, ' +
    'or else of the cookie `pending`.',
  tags: ['Account'],
  headers: IdempotencyHeaders,
  body: Body({ otp: Otp(codeLength), pendingToken: Type.Optional(PendingToken) }),
  response: { 200: Type.Object({ message: Type.String(), user: UserSchema }) }
})

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  const { config, cookies, flows } = fastify

  fastify.post('/confirm', { schema: schema(config.codeLength), config: { access: 'recent' } }, async (request, reply) => {
    const { otp, pendingToken = cookies.read(request, 'pending') } = request.body
    const user = await flows.emailChange.confirm(fastify.requester(request), request.principal, { otp, pendingToken })
    cookies.clear(reply, 'pending')
    return { message: sentences(user.locale).messages.emailChanged, user }
  })
}

export default route
