import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { Problem } from '../../src/errors.ts'
import { hashToken } from '../../src/platform/ids.ts'
import { security } from '../../src/schemas.ts'

const schema = {
  summary: 'Delete my account, at once and for good',
  description: 'Nothing of it stays, every token of it is refused from the next request on, and the address can sign up again. `CONFLICT` for an admin, who has to give up the role first.',
  tags: ['Account'],
  security: security.access,
  params: Type.Object({ id: Type.String({ maxLength: 64, description: '`me`, or my own id.' }) }),
  response: { 204: Type.Null({ description: 'Gone; cookies cleared.' }) }
}

/** The deletion follows at once; a mail that was taken up earlier would have to wait for its next try. */
const MAIL_DELAY_MS = 1_000

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  fastify.delete('/:id', { schema, preHandler: fastify.requireRecent }, async (request, reply) => {
    const { user } = fastify.accessOf(request)
    const { id } = request.params
    if (id !== 'me' && id !== user.id) throw new Problem('NOT_FOUND')
    // The role is looked at again, with the deletion in one step; this spares an admin the announcement of what will not be.
    if (user.role === 'admin') throw new Problem('CONFLICT')

    // Announced before it is done: the worker that sends it finishes what a crash would leave of the address.
    await fastify.notifyAddress(request, user, 'accountDeleted', { id: hashToken(`deleted ${user.id}`), delayMs: MAIL_DELAY_MS })
    await fastify.deletions.delete(fastify.askingSession(request))
    request.log.info({ event: 'account.deleted', ...fastify.clientOf(request) }, 'an account was deleted by its owner')
    fastify.clearSession(reply)
    fastify.clearCookie(reply, 'trusted')
    fastify.clearCookie(reply, 'device')
    return await reply.code(204).send(null)
  })
}

export default route
