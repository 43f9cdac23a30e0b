import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { sentences } from '../../../src/platform/locales/index.ts'
import { PasskeyResponse } from '../../../src/passkey-schemas.ts'
import { Body, TimeZone, TokenSchema, TrustDevice } from '../../../src/schemas.ts'

const schema = {
  operationId: 'signInByPasskey',
  summary: 'Sign in with a passkey, then: what it has signed',
  description:
    'No password and no code: the passkey has verified its user. Whatever is wrong with it is `PASSKEY_INVALID`, and no account is ' +
    'locked by it.',
  tags: ['Sign-up and sign-in'],
  body: Body({ response: PasskeyResponse, trustDevice: Type.Optional(TrustDevice), timeZone: Type.Optional(TimeZone) }),
  response: { 200: Type.Object({ success: Type.Literal(true), message: Type.String(), ...TokenSchema.properties }) }
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  const { cookies, flows } = fastify

  fastify.post('/verify', { schema, config: { access: 'pending', limit: 'login' } }, async (request, reply) => {
    const { response, trustDevice = false } = request.body
    const { grant, trusted } = await flows.passkeys.signIn(fastify.requester(request), request.challenge, { response, trustDevice })
    const { messages } = sentences(grant.user.locale)
    return { success: true as const, message: messages.signedIn, ...cookies.keepSession(reply, grant, trusted) }
  })
}

export default route
