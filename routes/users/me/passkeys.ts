import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { sentences } from '../../../src/platform/locales/index.ts'
import { PasskeyOptions, PasskeyResponse, PasskeySchema } from '../../../src/passkey-schemas.ts'
import { Body, Name, Page } from '../../../src/schemas.ts'

const common = { tags: ['Two-step verification'] }

const listSchema = {
  ...common,
  operationId: 'listMyPasskeys',
  summary: 'The passkeys, the oldest first',
  description: 'All at once: there are never more than 20.',
  response: { 200: Page(PasskeySchema) }
}

const optionsSchema = {
  ...common,
  operationId: 'startPasskey',
  summary: 'Add a passkey, first: what the browser is to create',
  description: 'Nothing changes until `POST /users/me/passkeys` receives the new one, within 5 minutes.',
  body: Body({}),
  response: { 200: Type.Object({ options: PasskeyOptions }) }
}

const addSchema = {
  ...common,
  operationId: 'addPasskey',
  summary: 'Add a passkey, then: what the browser has created',
  description:
    'It signs in by itself from then on, or replaces the code after the password. Ends all other sessions, running attempts and trusted ' +
    'devices, and mails the owner. Without `name` it is named after this browser. 409 if there are 20 already.',
  body: Body({ response: PasskeyResponse, name: Type.Optional(Name) }),
  response: { 201: Type.Object({ message: Type.String(), ...PasskeySchema.properties }) }
}

const renameSchema = {
  ...common,
  operationId: 'renamePasskey',
  summary: 'Rename a passkey',
  params: Type.Object({ id: Type.String() }),
  body: Body({ name: Name }),
  response: { 200: PasskeySchema }
}

const removeSchema = {
  ...common,
  operationId: 'removePasskey',
  summary: 'Remove a passkey',
  description:
    'Ends all other sessions, running attempts and trusted devices, and mails the owner. 409 if codes by mail are off and what ' +
    'would be left is neither an authenticator, nor two passkeys, nor one passkey with recovery codes.',
  params: Type.Object({ id: Type.String() }),
  response: { 204: Type.Null({ description: 'Removed.' }) }
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  const { passkeys } = fastify.flows
  const config = { access: 'recent' } as const

  fastify.get('/passkeys', { schema: listSchema, config: { access: 'second-factor' } }, async (request) =>
    ({ items: await passkeys.list(request.principal), nextCursor: null }))

  fastify.post('/passkeys/options', {
    schema: optionsSchema,
    config,
    preValidation: async (request) => { request.body ??= {} }
  }, async (request) => ({ options: await passkeys.startAdding(request.principal) }))

  fastify.post('/passkeys', { schema: addSchema, config }, async (request, reply) => {
    const { response, name } = request.body
    const passkey = await passkeys.add(fastify.requester(request), request.principal, { response, name })
    return await reply.code(201).send({ message: sentences(request.principal.user.locale).messages.passkeyAdded, ...passkey })
  })

  fastify.patch('/passkeys/:id', { schema: renameSchema, config }, async (request) => {
    const { params: { id }, body: { name } } = request
    return await passkeys.rename(fastify.requester(request), request.principal, id, name)
  })

  fastify.delete('/passkeys/:id', { schema: removeSchema, config }, async (request, reply) => {
    await passkeys.remove(fastify.requester(request), request.principal, request.params.id)
    return await reply.code(204).send(null)
  })
}

export default route
