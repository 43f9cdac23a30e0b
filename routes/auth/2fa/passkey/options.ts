import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { PasskeyOptions } from '../../../../src/passkey-schemas.ts'
import { Body } from '../../../../src/schemas.ts'

const schema = {
  operationId: 'startPasskeySecondStep',
  summary: 'Give a passkey instead of a code: what it is to sign',
  description: 'For the passkeys of the account whose password was given; a plain security key will do. 409 if it has none.',
  tags: ['Sign-up and sign-in'],
  body: Body({}),
  response: { 200: Type.Object({ options: PasskeyOptions }) }
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  fastify.post('/options', {
    schema,
    config: { access: 'pending' },
    preValidation: async (request) => { request.body ??= {} }
  }, async (request) => ({ options: await fastify.flows.passkeys.startSecondStep(request.challenge) }))
}

export default route
