import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { now } from '../../src/platform/clock.ts'
import { Problem } from '../../src/errors.ts'
import { security, TokenSchema } from '../../src/schemas.ts'

const schema = {
  summary: 'A fresh access token, and the next refresh token',
  description: 'Rotates the cookie `refresh` at every use. The same token again within 10 seconds gets the same successor; an older one ends the session.',
  tags: ['Session'],
  security: security.refresh,
  response: { 200: TokenSchema }
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  fastify.post('/refresh', { schema, preHandler: fastify.requireRefresh }, async (request, reply) => {
    const claims = request.refresh
    if (!claims) throw new Problem('TOKEN_MISSING')
    const result = await fastify.sessions.refresh(claims, fastify.clientOf(request))
    if (result.outcome === 'ok' && fastify.meetsRequirement(result.session.amr)) return fastify.answerSession(reply, result.session)

    fastify.clearCookie(reply, 'refresh')
    const { accountId, sid } = claims
    const client = fastify.clientOf(request)
    request.log.warn({ event: 'refresh.refused', outcome: result.outcome === 'ok' ? 'insufficient' : result.outcome, account: accountId, session: sid, ...client }, 'a refresh token was refused')
    if (result.outcome === 'reused') {
      await fastify.mailer.notify({ kind: 'notice', notice: 'refreshTheft', accountId, client, at: now() })
      throw new Problem('REFRESH_TOKEN_REUSED')
    }
    if (result.outcome === 'ok') await fastify.sessions.end({ accountId, sid, client }, 'session_ended')
    throw new Problem(result.outcome === 'ahead' ? 'REFRESH_TOKEN_INVALID' : 'SESSION_ENDED')
  })
}

export default route
