import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { sentences } from '../../../../src/platform/locales/index.ts'
import { Body, IdempotencyHeaders, Otp, PendingToken, UserSchema } from '../../../../src/schemas.ts'

const schema = (codeLength: number) => ({
  operationId: 'confirmPhone',
  summary: 'Confirm the phone number with its code',
  description:
    'From then on a login may send its code there (`POST /auth/2fa/resend { method: "sms" }`). Ends all other sessions, running attempts ' +
    'and trusted devices, and mails the owner. The attempt is that of `pendingToken`, or else of the cookie `pending`.',
  tags: ['Two-step verification'],
  headers: IdempotencyHeaders,
  body: Body({ otp: Otp(codeLength), pendingToken: Type.Optional(PendingToken) }),
  response: { 200: Type.Object({ message: Type.String(), user: UserSchema }) }
})

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  const { config, cookies, flows } = fastify

  fastify.post('/confirm', { schema: schema(config.codeLength), config: { access: 'recent' } }, async (request, reply) => {
    const { otp, pendingToken = cookies.read(request, 'pending') } = request.body
    const user = await flows.phoneChange.confirm(fastify.requester(request), request.principal, { otp, pendingToken })
    cookies.clear(reply, 'pending')
    return { message: sentences(user.locale).messages.phoneOn, user }
  })
}

export default route
