import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { sentences } from '../../src/platform/locales/index.ts'
import { Body } from '../../src/schemas.ts'

const schema = {
  operationId: 'disown',
  summary: '“This wasn’t me”: what a mail warned of was somebody else',
  description:
    'Takes the token after `#` in the link of such a mail, for 7 days. Ends all sessions and running attempts, forgets trusted ' +
    'and known browsers and the passkeys that were added since, makes the password useless until it is reset by mail, and undoes the ' +
    'change of address that the mail was about. A second time it answers the same and does nothing.',
  tags: ['Sign-up and sign-in'],
  body: Body({ token: Type.String({ minLength: 1, maxLength: 2048 }) }),
  response: { 200: Type.Object({ message: Type.String() }) }
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  const { cookies, flows } = fastify

  fastify.post('/disown', { schema, config: { access: 'public', limit: 'login' } }, async (request, reply) => {
    const { locale } = await flows.disownEvent(fastify.requester(request), request.body.token)
    cookies.clear(reply, 'refresh', 'pending', 'device', 'trusted')
    return { message: sentences(locale).messages.disowned }
  })
}

export default route
