import { timingSafeEqual } from 'node:crypto'
import type { FastifyRequest, preHandlerAsyncHookHandler, RouteOptions } from 'fastify'
import fp from 'fastify-plugin'
import { now } from '../src/clock.ts'
import { isLoopback } from '../src/config/hosts.ts'
import { Problem } from '../src/errors.ts'
import { hashToken } from '../src/ids.ts'
import { readRefreshToken } from '../src/sessions/refresh-token.ts'
import type { Amr } from '../src/sessions/session.ts'
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
    /** Somebody on this machine, or who brings METRICS_TOKEN. */
    requireOperator: preHandlerAsyncHookHandler
    /** What `requireRecent` checks, for a route of which only a part needs it. @throws Problem REAUTHENTICATION_REQUIRED */
    requireRecentProof: (request: FastifyRequest) => void
  }
  interface FastifyContextConfig {
    /** Anybody may call this route. A route that does not say so needs one of the `require...` preHandlers. */
    public?: boolean
  }
}

/** Who may call a route is written on the route; a route that says nothing stops the boot. */
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
    const place = fastify.pendingOf(request)
    if (!place) throw new Problem('TOKEN_MISSING')
    request.pending = place
  }

  const requireRefresh: preHandlerAsyncHookHandler = async (request) => {
    const token = fastify.readCookie(request, 'refresh')
    if (!token) throw new Problem('TOKEN_MISSING')
    request.refresh = readRefreshToken(fastify.keyring, token)
    if (!request.refresh) throw new Problem('REFRESH_TOKEN_INVALID')
  }

  const requireOperator: preHandlerAsyncHookHandler = async (request) => {
    const token = fastify.bearerOf(request)
    if (token === undefined && isLocal(request)) return
    if (token === undefined) throw new Problem('TOKEN_MISSING')
    const { metricsToken } = fastify.config
    if (metricsToken === null || !timingSafeEqual(Buffer.from(hashToken(token)), Buffer.from(hashToken(metricsToken)))) throw new Problem('TOKEN_INVALID')
  }

  fastify.decorate('requireRecentProof', (request) => {
    if (fastify.accessOf(request).recentAt + RECENT_MS < now()) throw new Problem('REAUTHENTICATION_REQUIRED')
  })
  fastify.decorate('meetsRequirement', (amr) => !fastify.config.twoFactorRequired || amr.some((one) => one !== 'pwd'))
  fastify.decorate('verifyAccess', verifyAccess)
  fastify.decorate('requireTwoFactor', requireTwoFactor)
  fastify.decorate('requireRecent', requireRecent)
  fastify.decorate('requireAdmin', requireAdmin)
  fastify.decorate('requirePending', requirePending)
  fastify.decorate('requireRefresh', requireRefresh)
  fastify.decorate('requireOperator', requireOperator)

  // Routes show their gate as a preHandler; it runs before the body is validated, so that strangers are told nothing of a schema.
  const gates = [requireTwoFactor, requireRecent, requireAdmin, requirePending, requireRefresh, requireOperator]
  const ungated: RouteOptions[] = []
  fastify.addHook('onRoute', (route: RouteOptions) => {
    const handlers = [route.preHandler ?? []].flat()
    const gate = gates.find((one) => handlers.includes(one))
    if (!gate) {
      ungated.push(route)
      return
    }
    route.preValidation = [gate, ...[route.preValidation ?? []].flat()]
    route.preHandler = handlers.filter((one) => one !== gate)
  })
  fastify.addHook('onReady', async () => {
    const silent = ungated.filter(({ config }) => config?.public !== true).map(({ method, url }) => `${String(method)} ${url}`)
    if (silent.length > 0) throw new Error(`These routes do not say who may call them (config.public or a require... preHandler): ${silent.join(', ')}`)
  })
}, { name: 'access', dependencies: ['callers', 'sessions'] })

/**
 * Whether the caller itself sits on this machine. A proxy here passes strangers on from a loopback address, so neither may it
 * have said for whom it asks, nor may the Host be a name that a page of another site could point here.
 */
function isLocal ({ ip, socket, headers, hostname }: FastifyRequest): boolean {
  const isForwarded = 'x-forwarded-for' in headers || 'forwarded' in headers || 'x-real-ip' in headers || 'via' in headers
  return !isForwarded && isLoopback(ip) && isLoopback(socket.remoteAddress ?? '') && isLoopback(hostname)
}
