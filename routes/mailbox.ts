import { randomBytes } from 'node:crypto'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { Problem } from '../src/errors.ts'
import { isLoopback } from '../src/platform/config/hosts.ts'
import { hostOf } from '../src/platform/http/request-parsing.ts'

const Item = Type.Object({
  id: Type.String(),
  to: Type.String(),
  subject: Type.String(),
  text: Type.String(),
  html: Type.String(),
  headers: Type.Record(Type.String(), Type.String()),
  receivedAt: Type.String({ format: 'date-time' })
})

const schema = {
  operationId: 'listMails',
  summary: 'Every mail of the local mailbox, newest first',
  tags: ['Development'],
  querystring: Type.Object({ to: Type.Optional(Type.String({ maxLength: 254 })) }, { additionalProperties: false }),
  response: { 200: Type.Object({ items: Type.Array(Item) }) }
}

/** What people see of the local mailbox. Routes exist only where it runs: never in production, never beyond loopback. */
const route: FastifyPluginAsyncTypebox = async (fastify) => {
  const { mailbox } = fastify.app
  if (!mailbox) return

  // A page of another site whose name was pointed at this machine must not read mails.
  fastify.addHook('onRequest', async (request) => {
    if (!/^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostOf(request))) throw new Problem('FORBIDDEN')
    // Inside another application HOST does not say who can reach it.
    if (!isLoopback(request.socket.remoteAddress ?? '')) throw new Problem('FORBIDDEN')
  })

  fastify.get('/mailbox', { config: { access: 'public' }, schema: { hide: true } }, async (request, reply) => {
    const nonce = randomBytes(16).toString('base64')
    const { locale } = fastify.requester(request)
    const { html, csp } = mailbox.renderPage(await mailbox.list(), { locale, nonce, brandName: fastify.config.brand.name })
    return await reply.header('content-security-policy', csp).type('text/html; charset=utf-8').send(html)
  })

  fastify.get('/mailbox/messages', { config: { access: 'public' }, schema }, async (request) =>
    ({ items: await mailbox.list(request.query.to) }))
}

export default route
