import type { preHandlerAsyncHookHandler, RouteOptions } from 'fastify'
import fp from 'fastify-plugin'
import type { AccessClaims } from '../src/access-tokens/access-token.ts'
import type { User } from '../src/accounts/account.ts'
import type { PendingPlace } from '../src/challenges/challenge.ts'
import { now } from '../src/clock.ts'
import { Problem } from '../src/errors.ts'
import { readRefreshToken, type RefreshClaims } from '../src/sessions/refresh-token.ts'
import type { Amr } from '../src/sessions/session.ts'

/** Who is signed in. */
export interface Access {
  claims: AccessClaims
  user: User
  sid: string
  /** How the session was proven; the session's word, not the token's. */
  amr: Amr[]
  /** When the person last gave a password and, where set, a second step: milliseconds since the epoch, 0 for a trusted device. */
  recentAt: number
}

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
    /** The signed-in person behind one of these preHandlers. */
    accessOf: (request: FastifyRequest) => Access
    /** A pending token, as Bearer or cookie. */
    requirePending: preHandlerAsyncHookHandler
    /** A refresh cookie that one of our keys made. */
    requireRefresh: preHandlerAsyncHookHandler
    /** The attempt behind `requirePending`. */
    placeOf: (request: FastifyRequest) => PendingPlace
    bearerOf: (request: FastifyRequest) => string | undefined
    /** The pending token of a request, from Bearer or cookie. @throws Problem TOKEN_* */
    pendingOf: (request: FastifyRequest) => PendingPlace | undefined
    /** The same, or null: for routes that anybody may call. */
    runningAttempt: (request: FastifyRequest) => PendingPlace | null
    /** What `requireRecent` checks, for a route of which only a part needs it. @throws Problem REAUTHENTICATION_REQUIRED */
    requireRecentProof: (request: FastifyRequest) => void
    /** The sessions that a request's Bearer and refresh cookie name, each once; what is not valid names none. */
    sessionsOf: (request: FastifyRequest) => Array<{ accountId: string, sid: string }>
  }
  interface FastifyRequest {
    access: Access | null
    pending: PendingPlace | null
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
    const found = await fastify.sessions.find(claims.sub, claims.sid)
    if (!found || !fastify.meetsRequirement(found.amr)) throw new Problem('SESSION_ENDED')
    request.access = { claims, sid: claims.sid, ...found }
  }

  const requireTwoFactor: preHandlerAsyncHookHandler = async function (request, reply) {
    await verifyAccess.call(this, request, reply)
    if (request.access?.claims['2fa'] !== true) throw new Problem('SECOND_FACTOR_REQUIRED')
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

  fastify.decorate('bearerOf', (request) => /^Bearer ([\w.~+/=-]+)$/i.exec(request.headers.authorization ?? '')?.[1])
  fastify.decorate('pendingOf', (request) => {
    const token = fastify.bearerOf(request) ?? fastify.readCookie(request, 'pending')
    return token ? fastify.readPending(token) : undefined
  })
  fastify.decorate('runningAttempt', (request) => orNull(() => fastify.pendingOf(request) ?? null))
  fastify.decorate('requireRecentProof', (request) => {
    if (fastify.accessOf(request).recentAt + RECENT_MS < now()) throw new Problem('REAUTHENTICATION_REQUIRED')
  })
  fastify.decorate('sessionsOf', (request) => {
    const bearer = fastify.bearerOf(request)
    const cookie = fastify.readCookie(request, 'refresh')
    const found = [bearer ? namedBy(bearer) : null, cookie ? readRefreshToken(fastify.keyring, cookie) : null].filter((one) => one !== null)
    return [...new Map(found.map(({ accountId, sid }) => [sid, { accountId, sid }])).values()]
  })
  const namedBy = (token: string): { accountId: string, sid: string } | null => orNull(() => {
    const { sub, sid } = fastify.readAccess(token)
    return { accountId: sub, sid }
  })
  fastify.decorate('accessOf', ({ access }) => {
    if (!access) throw new Problem('TOKEN_MISSING')
    return access
  })
  fastify.decorate('placeOf', ({ pending }) => {
    if (!pending) throw new Problem('TOKEN_MISSING')
    return pending
  })
  fastify.decorate('meetsRequirement', (amr) => !fastify.config.twoFactorRequired || amr.some((one) => one !== 'pwd'))
  fastify.decorate('verifyAccess', verifyAccess)
  fastify.decorate('requireTwoFactor', requireTwoFactor)
  fastify.decorate('requireRecent', requireRecent)
  fastify.decorate('requireAdmin', requireAdmin)
  fastify.decorate('requirePending', requirePending)
  fastify.decorate('requireRefresh', requireRefresh)

  // Routes show their gate as a preHandler; it runs before the body is validated, so that strangers are told nothing of a schema.
  const gates = [requireTwoFactor, requireRecent, requireAdmin, requirePending, requireRefresh]
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
}, { name: 'access', dependencies: ['jwt', 'sessions', 'cookies'] })

/** What `read` gives, or null when it refuses. */
function orNull<Result> (read: () => Result): Result | null {
  try {
    return read()
  } catch (error) {
    if (error instanceof Problem) return null
    throw error
  }
}
