import fp from 'fastify-plugin'
import type { AccessClaims } from '../src/platform/tokens/access-token.ts'
import type { User } from '../src/records/accounts/account.ts'
import type { PendingChallenge } from '../src/records/challenges/challenge.ts'
import { Problem } from '../src/errors.ts'
import { readRefreshToken, type RefreshClaims } from '../src/records/sessions/refresh-token.ts'
import type { Amr } from '../src/records/sessions/amr.ts'

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

declare module 'fastify' {
  interface FastifyInstance {
    /** The signed-in person behind one of these preHandlers. */
    accessOf: (request: FastifyRequest) => Access
    /** The attempt behind `requirePending`. */
    challengeOf: (request: FastifyRequest) => PendingChallenge
    bearerOf: (request: FastifyRequest) => string | undefined
    /** The pending token of a request, from Bearer or cookie. @throws Problem TOKEN_* */
    pendingOf: (request: FastifyRequest) => PendingChallenge | undefined
    /** The same, or null: for routes that anybody may call. */
    runningAttempt: (request: FastifyRequest) => PendingChallenge | null
    /** The sessions that a request's Bearer and refresh cookie name, each once; what is not valid names none. */
    sessionsOf: (request: FastifyRequest) => Array<{ accountId: string, sid: string }>
  }
  interface FastifyRequest {
    access: Access | null
    pending: PendingChallenge | null
    refresh: RefreshClaims | null
  }
}

/** What a request says of its caller: tokens as Bearer or cookie, and what the gates of access.ts have made of them. */
export default fp(async (fastify) => {
  fastify.decorateRequest('access', null)
  fastify.decorateRequest('pending', null)
  fastify.decorateRequest('refresh', null)

  fastify.decorate('bearerOf', (request) => /^Bearer ([\w.~+/=-]+)$/i.exec(request.headers.authorization ?? '')?.[1])
  fastify.decorate('pendingOf', (request) => {
    const token = fastify.bearerOf(request) ?? fastify.readCookie(request, 'pending')
    return token ? fastify.readPending(token) : undefined
  })
  fastify.decorate('runningAttempt', (request) => orNull(() => fastify.pendingOf(request) ?? null))
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
  fastify.decorate('challengeOf', ({ pending }) => {
    if (!pending) throw new Problem('TOKEN_MISSING')
    return pending
  })
}, { name: 'callers', dependencies: ['tokens', 'cookies'] })

/** What `read` gives, or null when it refuses. */
function orNull<Result> (read: () => Result): Result | null {
  try {
    return read()
  } catch (error) {
    if (error instanceof Problem) return null
    throw error
  }
}
