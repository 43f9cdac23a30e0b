import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { sentences } from '../../../src/platform/locales/index.ts'
import { Body, IdempotencyHeaders, Otp, Password } from '../../../src/schemas.ts'

const schema = (codeLength: number) => ({
  operationId: 'resetPassword',
  summary: 'Choose a new password with the mailed code',
  description:
    'Nobody is signed in by it, and no second step is skipped. Ends all sessions, and lifts the lock of the code step. A code is not ' +
    'used up by a new password that is refused.',
  tags: ['Sign-up and sign-in'],
  headers: IdempotencyHeaders,
  body: Body({ otp: Otp(codeLength), newPassword: Password }),
  response: { 200: Type.Object({ message: Type.String() }) }
})

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  const { config, cookies, flows } = fastify
  const access = { access: 'pending', limit: 'login', worksOnPasswords: true } as const

  fastify.post('/reset', { schema: schema(config.codeLength), config: access }, async (request, reply) => {
    const { locale } = await flows.passwordReset.finish(fastify.requester(request), request.challenge, request.body)
    cookies.clearSession(reply)
    return { message: sentences(locale).messages.passwordReset }
  })
}

export default route
