import type { FastifyRequest, preHandlerAsyncHookHandler } from 'fastify'
import fp from 'fastify-plugin'
import { now } from '../src/platform/clock.ts'
import { Problem } from '../src/errors.ts'
import { readRefreshToken } from '../src/records/sessions/refresh-token.ts'
import { type Amr, hasSecondFactor } from '../src/records/sessions/amr.ts'
import type { Access } from './callers.ts'

/** A proof for what needs a recent one lasts this long. */
const RECENT_MS = 10 * 60_000

declare module 'fastify' {
  interface FastifyInstance {
    /** A live session's access token, whatever its `2fa` claim says. */
    verifyAccess: preHandlerAsyncHookHandler
    /** Whether a session that was proven like this is enough, should the operator have come to require a second step since. */
    meetsRequirement: (amr: Amr[]) => boolean
    /** The `2fa: true` gate. */
    requireTwoFactor: preHandlerAsyncHookHandler
    /** `requireTwoFactor`, and a password with its second step at most 10 minutes ago. */
    requireRecent: preHandlerAsyncHookHandler
    /** `requireTwoFactor`, an admin, and a second step in this session. */
    requireAdmin: preHandlerAsyncHookHandler
    /** A pending token, as Bearer or cookie. */
    requirePending: preHandlerAsyncHookHandler
    /** A refresh cookie that one of our keys made. */
    requireRefresh: preHandlerAsyncHookHandler
    /** What `requireRecent` checks, for a route of which only a part needs it. @throws Problem REAUTHENTICATION_REQUIRED */
    requireRecentProof: (request: FastifyRequest) => void
  }
}

/** The gates of routes: who is let in, and what a handler then knows of them. */
export default fp(async (fastify) => {
  // One function, not a hook that calls a hook: every layer of promises costs each request something.
  const admit = async (request: FastifyRequest): Promise<Access> => {
    const token = fastify.bearerOf(request)
    if (!token) throw new Problem('TOKEN_MISSING')
    const claims = fastify.readAccess(token)
    const found = await fastify.sessions.find(claims.sub, claims.sid)
    if (!found || !fastify.meetsRequirement(found.amr)) throw new Problem('SESSION_ENDED')
    request.access = { claims, sid: claims.sid, ...found }
    return request.access
  }

  const verifyAccess: preHandlerAsyncHookHandler = async (request) => { await admit(request) }

  const requireTwoFactor: preHandlerAsyncHookHandler = async (request) => {
    const { claims } = await admit(request)
    if (claims['2fa'] !== true) throw new Problem('SECOND_FACTOR_REQUIRED')
  }

  const requireRecent: preHandlerAsyncHookHandler = async function (request, reply) {
    await requireTwoFactor.call(this, request, reply)
    fastify.requireRecentProof(request)
  }

  const requireAdmin: preHandlerAsyncHookHandler = async function (request, reply) {
    await requireTwoFactor.call(this, request, reply)
    const { user, amr } = fastify.accessOf(request)
    if (user.role !== 'admin' || !amr.includes('otp')) throw new Problem('FORBIDDEN')
  }

  const requirePending: preHandlerAsyncHookHandler = async (request) => {
    const challenge = fastify.pendingOf(request)
    if (!challenge) throw new Problem('TOKEN_MISSING')
    request.pending = challenge
  }

  const requireRefresh: preHandlerAsyncHookHandler = async (request) => {
    const token = fastify.readCookie(request, 'refresh')
    if (!token) throw new Problem('TOKEN_MISSING')
    request.refresh = readRefreshToken(fastify.keyring, token)
    if (!request.refresh) throw new Problem('REFRESH_TOKEN_INVALID')
  }

  fastify.decorate('requireRecentProof', (request) => {
    // Nor is it recent when it lies ahead: then the clock of Redis was set back since.
    if (Math.abs(now() - fastify.accessOf(request).recentAt) > RECENT_MS) throw new Problem('REAUTHENTICATION_REQUIRED')
  })
  fastify.decorate('meetsRequirement', (amr) => !fastify.config.twoFactorRequired || hasSecondFactor(amr))
  fastify.decorate('verifyAccess', verifyAccess)
  fastify.decorate('requireTwoFactor', requireTwoFactor)
  fastify.decorate('requireRecent', requireRecent)
  fastify.decorate('requireAdmin', requireAdmin)
  fastify.decorate('requirePending', requirePending)
  fastify.decorate('requireRefresh', requireRefresh)
}, { name: 'access', dependencies: ['callers', 'sessions'] })
