import type { preHandlerAsyncHookHandler, RouteOptions } from 'fastify'
import fp from 'fastify-plugin'
import type { AccessClaims } from '../src/access-tokens/access-token.ts'
import type { User } from '../src/accounts/account.ts'
import type { Place } from '../src/challenges/challenge.ts'
import { Problem } from '../src/errors.ts'
import { readRefreshToken, type RefreshClaims } from '../src/sessions/refresh-token.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** A live session's access token, whatever its `2fa` claim says. */
    verifyAccess: preHandlerAsyncHookHandler
    /** The `2fa: true` gate. */
    requireTwoFactor: preHandlerAsyncHookHandler
    /** A pending token, as Bearer or cookie. */
    requirePending: preHandlerAsyncHookHandler
    /** A refresh cookie that one of our keys made. */
    requireRefresh: preHandlerAsyncHookHandler
    bearerOf: (request: FastifyRequest) => string | undefined
    /** The pending token of a request, from Bearer or cookie. @throws Problem TOKEN_* */
    pendingOf: (request: FastifyRequest) => Place | undefined
    /** The sessions that a request's Bearer and refresh cookie name, each once; what is not valid names none. */
    sessionsOf: (request: FastifyRequest) => Array<{ accountId: string, sid: string }>
  }
  interface FastifyRequest {
    access: { claims: AccessClaims, user: User } | null
    pending: Place | null
    refresh: RefreshClaims | null
  }
  interface FastifyContextConfig {
    /** Anybody may call this route. A route that does not say so needs one of the `require...` preHandlers. */
    public?: boolean
  }
}

/** Who may call a route is written on the route; a route that says nothing stops the boot. */
export default fp(async (fastify) => {
  fastify.decorateRequest('access', null)
  fastify.decorateRequest('pending', null)
  fastify.decorateRequest('refresh', null)

  const verifyAccess: preHandlerAsyncHookHandler = async (request) => {
    const token = fastify.bearerOf(request)
    if (!token) throw new Problem('TOKEN_MISSING')
    const claims = fastify.readAccess(token)
    const user = await fastify.sessions.find(claims.sub, claims.sid)
    if (!user) throw new Problem('SESSION_ENDED')
    request.access = { claims, user }
  }

  const requireTwoFactor: preHandlerAsyncHookHandler = async function (request, reply) {
    await verifyAccess.call(this, request, reply)
    if (request.access?.claims['2fa'] !== true) throw new Problem('SECOND_FACTOR_REQUIRED')
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

  fastify.decorate('bearerOf', (request) => /^Bearer ([\w.~+/=-]+)$/i.exec(request.headers.authorization ?? '')?.[1])
  fastify.decorate('pendingOf', (request) => {
    const token = fastify.bearerOf(request) ?? fastify.readCookie(request, 'pending')
    return token ? fastify.readPending(token) : undefined
  })
  fastify.decorate('sessionsOf', (request) => {
    const bearer = fastify.bearerOf(request)
    const cookie = fastify.readCookie(request, 'refresh')
    const found = [bearer ? accessOf(bearer) : null, cookie ? readRefreshToken(fastify.keyring, cookie) : null].filter((one) => one !== null)
    return [...new Map(found.map(({ accountId, sid }) => [sid, { accountId, sid }])).values()]
  })
  function accessOf (token: string): { accountId: string, sid: string } | null {
    try {
      const { sub, sid } = fastify.readAccess(token)
      return { accountId: sub, sid }
    } catch (error) {
      if (error instanceof Problem) return null
      throw error
    }
  }
  fastify.decorate('verifyAccess', verifyAccess)
  fastify.decorate('requireTwoFactor', requireTwoFactor)
  fastify.decorate('requirePending', requirePending)
  fastify.decorate('requireRefresh', requireRefresh)

  const gates: unknown[] = [requireTwoFactor, requirePending, requireRefresh]
  const routes: RouteOptions[] = []
  fastify.addHook('onRoute', (route: RouteOptions) => { routes.push(route) })
  fastify.addHook('onReady', async () => {
    const silent = routes
      .filter(({ preHandler, config }) => config?.public !== true && ![preHandler].flat().some((handler) => gates.includes(handler)))
      .map(({ method, url }) => `${String(method)} ${url}`)
    if (silent.length > 0) throw new Error(`These routes do not say who may call them (config.public or a require... preHandler): ${silent.join(', ')}`)
  })
}, { name: 'access', dependencies: ['jwt', 'sessions', 'cookies'] })
