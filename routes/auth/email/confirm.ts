import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { sentences } from '../../../src/platform/locales/index.ts'
import { Body, LinkToken } from '../../../src/schemas.ts'

const schema = {
  operationId: 'confirmEmailLink',
  summary: 'Confirm a new address that somebody else has entered, by its mailed link',
  description: 'Ends all sessions of the account. From then on its owner signs in with the new address.',
  tags: ['Sign-up and sign-in'],
  body: Body({ token: LinkToken }),
  response: { 200: Type.Object({ message: Type.String() }) }
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  fastify.post('/confirm', { schema, config: { access: 'public', limit: 'login' } }, async (request) => {
    const { locale } = await fastify.flows.confirmEmailLink(fastify.requester(request), request.body.token)
    return { message: sentences(locale).messages.emailChanged }
  })
}

export default route
