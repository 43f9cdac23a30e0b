import fp from 'fastify-plugin'
import { now } from '../src/platform/clock.ts'
import { Problem } from '../src/errors.ts'
import type { Outcome } from '../src/records/idempotency/idempotency-store.ts'
import type { TokenAnswer } from '../src/schemas.ts'
import { makeRefreshToken } from '../src/records/sessions/refresh-token.ts'
import type { ProvenSession } from '../src/records/challenges/reauthentication-store.ts'
import type { Amr } from '../src/records/sessions/amr.ts'
import type { OpenedSession, OpenSession } from '../src/records/sessions/session.ts'
import type { SessionDraft } from '../src/records/sessions/sessions-store.ts'

declare module 'fastify' {
  interface FastifyInstance {
    draftSession: (request: FastifyRequest, accountId: string, amr: Amr[], isFresh?: boolean) => SessionDraft
    /** Tokens and cookies of a session that a script has just opened. */
    grantSession: (request: FastifyRequest, reply: FastifyReply, draft: SessionDraft, opened: OpenedSession) => Promise<TokenAnswer>
    /** The same once more, for a session that was just opened and not used since. @throws Problem CHALLENGE_INVALID */
    grantAgain: (reply: FastifyReply, outcome: Outcome) => Promise<TokenAnswer>
    /** A fresh access token of a session; no new refresh token. */
    answerAccess: (session: ProvenSession) => TokenAnswer
    /** Access token and refresh cookie of a session as it is now. */
    answerSession: (reply: FastifyReply, session: OpenSession) => TokenAnswer
  }
}

const DEVICE_LIFE_SECONDS = 365 * 86_400

/** A session on its way to the browser: tokens, cookies, and a word to the owner. */
export default fp(async (fastify) => {
  const { sessions } = fastify

  fastify.decorate('draftSession', (request, accountId, amr, isFresh) => {
    const { turn } = request
    const draft = sessions.draft({
      accountId, amr, client: fastify.clientOf(request), deviceToken: fastify.readCookie(request, 'device'), isFresh, sid: turn?.newId('session')
    })
    return { ...draft, record: turn?.record({ accountId, sid: draft.sid }) }
  })

  fastify.decorate('grantAgain', async (reply, { accountId = '', sid = '' }) => {
    const opened = await sessions.reopen(accountId, sid)
    if (!opened) throw new Problem('CHALLENGE_INVALID')
    fastify.clearCookie(reply, 'pending')
    fastify.writeCookie(reply, 'device', opened.deviceToken, DEVICE_LIFE_SECONDS)
    return fastify.answerSession(reply, opened.session)
  })

  fastify.decorate('grantSession', async (request, reply, draft, { user, isKnownDevice }) => {
    fastify.metrics.login('signed_in')
    const session = draft.toSession(user, now())
    fastify.clearCookie(reply, 'pending')
    fastify.writeCookie(reply, 'device', draft.deviceToken, DEVICE_LIFE_SECONDS)
    if (!isKnownDevice) {
      await fastify.mailer.notify({ kind: 'notice', notice: 'newDevice', accountId: session.user.id, client: fastify.clientOf(request), at: now() })
    }
    return fastify.answerSession(reply, session)
  })

  fastify.decorate('answerSession', (reply, session) => {
    const { user, sid, generation, idleSeconds } = session
    fastify.writeCookie(reply, 'refresh', makeRefreshToken(fastify.keyring, { accountId: user.id, sid, generation }), idleSeconds)
    return fastify.answerAccess(session)
  })

  fastify.decorate('answerAccess', (session) => (
    { accessToken: fastify.signAccess(session), tokenType: 'Bearer', expiresIn: fastify.config.accessTokenTtlSeconds, user: session.user }
  ))
}, { name: 'session-grants', dependencies: ['tokens', 'sessions', 'cookies', 'client', 'mailer', 'metrics', 'once'] })
