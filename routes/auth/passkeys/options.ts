import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { PasskeyOptions } from '../../../src/passkey-schemas.ts'
import { Body } from '../../../src/schemas.ts'

const schema = {
  operationId: 'startPasskeySignIn',
  summary: 'Sign in with a passkey, first: what it is to sign',
  description:
    'The same for everybody: the person chooses among the passkeys that the browser has. The options work once, within 5 minutes, with ' +
    'the pending token that comes with them.',
  tags: ['Sign-up and sign-in'],
  body: Body({}),
  response: {
    200: Type.Object({
      options: PasskeyOptions,
      pendingToken: Type.String({ description: 'Valid only for `/auth/passkeys/verify`. Also set as the cookie `pending`.' })
    })
  }
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  fastify.post('/options', {
    schema,
    config: { access: 'public' },
    preValidation: async (request) => { request.body ??= {} }
  }, async (_request, reply) => {
    const { options, challenge } = await fastify.flows.passkeys.start()
    return { options, ...fastify.cookies.keepChallenge(reply, challenge) }
  })
}

export default route
