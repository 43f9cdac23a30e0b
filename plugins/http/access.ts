import type { FastifyReply, FastifyRequest, onRouteHookHandler, preHandlerHookHandler, RouteOptions } from 'fastify'
import fp from 'fastify-plugin'
import { Problem, type ProblemCode } from '../../src/errors.ts'
import { type Principal, requireRecentProof } from '../../src/flows/requester.ts'
import { createServiceKeyAccess } from '../../src/flows/service-key-access.ts'
import { basicOf, bearerOf } from '../../src/platform/http/request-parsing.ts'
import { requireOperator } from '../../src/platform/http/metrics-access.ts'
import type { PendingChallenge } from '../../src/records/challenges/challenge.ts'
import { hasOwnProof, hasSecondFactor } from '../../src/records/sessions/amr.ts'
import { readRefreshToken, type RefreshClaims } from '../../src/records/sessions/generation-token.ts'
import {
  isScope, parseServiceKey, type Scope, type ServiceCredentials, type ServiceKey
} from '../../src/records/service-keys/service-key.ts'

/** Who may call a route, from anybody to few; each level of a session includes the one before. */
export type Access = Level | ServiceAccess

type Level =
  | 'public'
  /** A pending token, as Bearer or cookie. */
  | 'pending'
  /** A refresh cookie that one of our keys made. */
  | 'refresh'
  /** A living session's access token. */
  | 'session'
  /** The same with `2fa: true`, or of an account that asks for no second step. */
  | 'second-factor'
  /** And a password with its second step at most 10 minutes ago. */
  | 'recent'
  /** An admin, with a second step in this session. */
  | 'admin'
  /** And a password with its second step at most 10 minutes ago. */
  | 'recent-admin'
  /** Who brings METRICS_TOKEN; outside production also somebody on this machine. */
  | 'operator'

/** Another service whose key has this scope; or who may by the level `or`. */
export interface ServiceAccess {
  scope: Scope
  or?: Exclude<Level, 'public'>
  /** Starts what the handler is going to read, while Redis is asked for the key: then both take one round trip. */
  meanwhile?: (request: FastifyRequest) => void
}

type Gate = (request: FastifyRequest) => Promise<void>

declare module 'fastify' {
  interface FastifyContextConfig {
    /** A route that does not say who may call it stops the boot. */
    access?: Access
  }
  interface FastifyInstance {
    /** Admits a living session's access token, whatever its `2fa` claim says. */
    verifyAccess: Gate
    /** The `2fa: true` gate. */
    requireTwoFactor: preHandlerHookHandler
  }
  interface FastifyRequest {
    /** What the gate of the route has found; for the log also why the request was refused. */
    caller: {
      principal?: Principal, serviceKey?: ServiceKey, challenge?: PendingChallenge, refresh?: RefreshClaims, refusal?: ProblemCode
    } | null
    /** Who is signed in. @throws Problem TOKEN_MISSING where nobody is */
    readonly principal: Principal
    /** The challenge of the pending token. @throws Problem TOKEN_MISSING */
    readonly challenge: PendingChallenge
    /** @throws Problem TOKEN_MISSING */
    readonly refreshClaims: RefreshClaims
  }
}

/** Enforces `config.access` of every route. */
export default fp(async (fastify) => {
  const { config, cookies, keyring, records, tokens } = fastify

  // One function instead of hooks that call hooks: each layer of promises costs every request.
  const admit = async (request: FastifyRequest): Promise<Principal> => {
    const token = bearerOf(request)
    if (!token) throw new Problem('TOKEN_MISSING')
    const claims = tokens.readAccess(token)
    const session = await records.sessions.find(claims.sub, claims.sid)
    // The operator may have come to require a second step since the session began.
    if (!session || (config.twoFactorRequired && !hasSecondFactor(session.amr))) throw new Problem('SESSION_ENDED')
    const principal = { claims, sid: claims.sid, ...session }
    request.caller = { principal }
    return principal
  }

  // An account that asks for no second step is not locked out of itself; other services read `2fa: false` all the same.
  const checkSecondFactor = ({ claims, user }: Principal): void => {
    const isAsked = user.isTwoFactorEnabled || config.twoFactorRequired
    if (isAsked && claims['2fa'] !== true) throw new Problem('SECOND_FACTOR_REQUIRED')
  }

  const checkAdmin = (principal: Principal): void => {
    checkSecondFactor(principal)
    if (principal.user.role !== 'admin' || !hasOwnProof(principal.amr)) throw new Problem('FORBIDDEN')
  }

  const gates: Record<Exclude<Level, 'public'>, Gate> = {
    pending: async (request) => {
      const token = bearerOf(request) ?? cookies.read(request, 'pending')
      if (!token) throw new Problem('TOKEN_MISSING')
      request.caller = { challenge: tokens.readPending(token) }
    },
    refresh: async (request) => {
      const token = cookies.read(request, 'refresh')
      if (!token) throw new Problem('TOKEN_MISSING')
      const refresh = readRefreshToken(keyring, token)
      if (!refresh) throw new Problem('REFRESH_TOKEN_INVALID')
      request.caller = { refresh }
    },
    session: async (request) => { await admit(request) },
    'second-factor': async (request) => { checkSecondFactor(await admit(request)) },
    recent: async (request) => {
      const principal = await admit(request)
      checkSecondFactor(principal)
      requireRecentProof(principal)
    },
    admin: async (request) => { checkAdmin(await admit(request)) },
    'recent-admin': async (request) => {
      const principal = await admit(request)
      checkAdmin(principal)
      requireRecentProof(principal)
    },
    operator: async (request) => { requireOperator(request, config) }
  }
  const isLevel = (access: unknown): access is keyof typeof gates => typeof access === 'string' && Object.hasOwn(gates, access)

  const serviceKeys = createServiceKeyAccess({ serviceKeys: records.serviceKeys, mostPerMinute: config.limits.perServiceKey })
  const serviceGate = ({ scope, or, meanwhile }: ServiceAccess): Gate => async (request) => {
    const credentials = serviceCredentialsOf(request, scope)
    if (credentials === undefined && or) {
      await gates[or](request)
      return
    }
    if (credentials === undefined) throw new Problem(bearerOf(request) === undefined ? 'TOKEN_MISSING' : 'TOKEN_INVALID')
    // A key in a browser is a key that everybody can read.
    if (request.headers.origin !== undefined) throw new Problem('ORIGIN_FORBIDDEN')
    const identified = serviceKeys.identify(credentials)
    meanwhile?.(request)
    const serviceKey = await identified
    request.caller = { serviceKey }
    serviceKeys.admit(serviceKey, scope)
  }
  const gateOf = (access: Access | undefined): Gate | null => {
    if (typeof access !== 'object') return isLevel(access) ? gates[access] : null
    return isScope(access.scope) && (access.or === undefined || isLevel(access.or)) ? serviceGate(access) : null
  }
  const levelsWithSecondFactor: ReadonlySet<Access> = new Set(['second-factor', 'recent', 'admin', 'recent-admin'])

  const requireTwoFactor = (request: FastifyRequest, _reply: FastifyReply, done: (error?: Error) => void): void => {
    if (request.caller?.principal) {
      try {
        checkSecondFactor(request.caller.principal)
        done()
      } catch (error) {
        done(error instanceof Error ? error : new Problem('SECOND_FACTOR_REQUIRED'))
      }
    } else gates['second-factor'](request).then(() => { done() }, done)
  }

  fastify.decorate('verifyAccess', gates.session)
  fastify.decorate('requireTwoFactor', requireTwoFactor)
  fastify.decorateRequest('caller', null)
  fastify.decorateRequest('principal', { getter () { return present(this.caller?.principal) } })
  fastify.decorateRequest('challenge', { getter () { return present(this.caller?.challenge) } })
  fastify.decorateRequest('refreshClaims', { getter () { return present(this.caller?.refresh) } })

  const ungated: RouteOptions[] = []
  const enforce: onRouteHookHandler = (route) => {
    const access = route.config?.access
    const gate = gateOf(access)
    if (!gate || access === undefined) {
      ungated.push(route)
      return
    }
    // Before the body is validated, so that strangers are told nothing of a schema. The preHandler shows the `2fa: true` gate on the route.
    route.preValidation = [gate, ...[route.preValidation ?? []].flat()]
    if (levelsWithSecondFactor.has(access)) route.preHandler = [requireTwoFactor, ...[route.preHandler ?? []].flat()]
  }
  fastify.addHook('onRoute', enforce)
  fastify.addHook('onReady', async () => {
    // A hook of the route's own scope may have decided after ours.
    const undecided = ungated.filter(({ config }) => config?.access !== 'public').map(({ method, url }) => `${String(method)} ${url}`)
    if (undecided.length > 0) throw new Error(`These routes do not say who may call them (config.access): ${undecided.join(', ')}`)
  })
}, { name: 'access', dependencies: ['cookies', 'keyring', 'records', 'tokens'] })

/** Undefined where something else came, or nothing. RFC 7662 has HTTP Basic, too. */
function serviceCredentialsOf (request: FastifyRequest, scope: Scope): ServiceCredentials | undefined {
  const basic = scope === 'introspect' ? basicOf(request) : undefined
  const key = basic === undefined ? bearerOf(request) : `dvk_${basic.replace(':', '_')}`
  return key === undefined ? undefined : parseServiceKey(key) ?? undefined
}

function present<Found> (found: Found | undefined): Found {
  if (found === undefined) throw new Problem('TOKEN_MISSING')
  return found
}
