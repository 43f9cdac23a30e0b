import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { sentences } from '../../../src/platform/locales/index.ts'
import { PasskeyOptions, PasskeyResponse } from '../../../src/passkey-schemas.ts'
import { Body, TokenSchema } from '../../../src/schemas.ts'

const optionsSchema = {
  operationId: 'startPasskeyReauthentication',
  summary: 'Confirm that it is you with a passkey, first: what it is to sign',
  description: 'For the passkeys of the account, without a password. 409 if it has none.',
  tags: ['Sessions'],
  body: Body({}),
  response: { 200: Type.Object({ options: PasskeyOptions }) }
}

const schema = {
  operationId: 'reauthenticateByPasskey',
  summary: 'Confirm that it is you with a passkey, then: what it has signed',
  description: 'Answers a fresh access token of the same session. A wrong passkey is `PASSKEY_INVALID`, and no account is locked by it.',
  tags: ['Sessions'],
  body: Body({ response: PasskeyResponse }),
  response: { 200: Type.Object({ message: Type.String(), ...TokenSchema.properties }) }
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  const { passkeys } = fastify.flows

  fastify.post('/passkey/options', {
    schema: optionsSchema,
    config: { access: 'second-factor' },
    preValidation: async (request) => { request.body ??= {} }
  }, async (request) => ({ options: await passkeys.startProof(request.principal) }))

  fastify.post('/passkey', { schema, config: { access: 'second-factor', limit: 'login' } }, async (request) => {
    const grant = await passkeys.prove(fastify.requester(request), request.principal, request.body.response)
    return { message: sentences(grant.user.locale).messages.signedIn, ...grant }
  })
}

export default route
