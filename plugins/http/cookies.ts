import cookie from '@fastify/cookie'
import type { FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { orNull } from '../../src/errors.ts'
import type { StartedChallenge } from '../../src/flows/second-step.ts'
import type { AccessGrant, SessionGrant } from '../../src/flows/session-grant.ts'
import type { TrustedToken } from '../../src/flows/trusted-browsers.ts'
import { isToken } from '../../src/platform/ids.ts'
import { readGenerationToken, readRefreshToken } from '../../src/records/sessions/generation-token.ts'

export type CookieName = 'pending' | 'refresh' | 'device' | 'trusted'

interface Cookies {
  /** As it stands in headers. */
  fullName: (name: CookieName) => string
  read: (request: FastifyRequest, name: CookieName) => string | undefined
  clear: (reply: FastifyReply, ...names: CookieName[]) => void
  /** Takes the session and a running challenge from this browser; the browser stays known. */
  clearSession: (reply: FastifyReply) => void
  /** Gives the browser what it keeps of a session. @returns what the body says of it */
  keepSession: (reply: FastifyReply, grant: SessionGrant, trusted?: TrustedToken | null) => AccessGrant
  /** Gives the browser a challenge. @returns what the body says of it */
  keepChallenge: <Challenge extends Pick<StartedChallenge, 'pendingToken' | 'lifeSeconds'>>(
    reply: FastifyReply, challenge: Challenge
  ) => Omit<Challenge, 'lifeSeconds'>
}

declare module 'fastify' {
  interface FastifyInstance { cookies: Cookies }
}

const DEVICE_LIFE_SECONDS = 365 * 86_400
/** What our tokens are made of. A semicolon would begin an attribute. */
const VALUE = /^[\w.-]*$/

/** Our cookies: HttpOnly, Strict, for the whole site; with https Secure and `__Host-`. Read only where a route asks for one. */
export default fp(async (fastify) => {
  await fastify.register(cookie, { hook: false })
  const { config: { secure }, keyring, tokens } = fastify
  const fullName = (name: CookieName): string => (secure ? '__Host-' : '') + name
  // Serialized once: @fastify/cookie revalidates every attribute of every cookie.
  const attributes = fastify.serializeCookie('a', '', { path: '/', httpOnly: true, sameSite: 'strict', secure }).slice('a='.length)

  const isOurs: Record<CookieName, (value: string) => boolean> = {
    refresh: (value) => readRefreshToken(keyring, value) !== null,
    trusted: (value) => readGenerationToken(keyring, 'trusted', value) !== null,
    // Random and kept as a hash: only its form can be told.
    device: isToken,
    pending: (value) => orNull(() => tokens.readPending(value)) !== null
  }

  function write (reply: FastifyReply, name: CookieName, value: string, maxAgeSeconds: number): void {
    if (!VALUE.test(value)) throw new Error(`The cookie ${name} can only hold a token.`)
    const start = `${fullName(name)}=`
    const isOwn = (one: unknown): boolean => String(one).startsWith(start)
    const earlier = [reply.getHeader('set-cookie') ?? []].flat()
    // Only the last value of a cookie is sent.
    if (earlier.some(isOwn)) reply.removeHeader('set-cookie').header('set-cookie', earlier.filter((one) => !isOwn(one)))
    reply.header('set-cookie', `${start}${value}; Max-Age=${maxAgeSeconds}${attributes}`)
  }

  const clear: Cookies['clear'] = (reply, ...names) => { for (const name of names) write(reply, name, '', 0) }

  fastify.decorate('cookies', {
    fullName,
    clear,
    clearSession: (reply) => { clear(reply, 'refresh', 'pending') },

    read: ({ headers: { cookie: header } }, name) => {
      if (!header) return undefined
      const start = `${fullName(name)}=`
      // Not trim(): a space of Unicode belongs to a name or a value, and makes it another one.
      const found = header.split(';').map((pair) => pair.replace(/^[ \t]+|[ \t]+$/g, '')).filter((pair) => pair.startsWith(start))
      const values = [...new Set(found.map((pair) => pair.slice(start.length)))]
      // Ports of one host share cookies, and another application may use the same name. Where two are ours, one was planted, and nobody can
      // tell which.
      const candidates = values.length > 1 ? values.filter(isOurs[name]) : values
      return candidates.length === 1 ? candidates[0] || undefined : undefined
    },

    keepSession: (reply, { refresh, deviceToken, accessToken, tokenType, expiresIn, user }, trusted = null) => {
      // A sign-in ends the challenge that led to it; a refresh leaves one that runs beside it.
      if (deviceToken !== null) {
        clear(reply, 'pending')
        write(reply, 'device', deviceToken, DEVICE_LIFE_SECONDS)
      }
      write(reply, 'refresh', refresh.token, refresh.maxAgeSeconds)
      if (trusted) write(reply, 'trusted', trusted.token, trusted.maxAgeSeconds)
      return { accessToken, tokenType, expiresIn, user }
    },

    keepChallenge: (reply, { lifeSeconds, ...shown }) => {
      write(reply, 'pending', shown.pendingToken, lifeSeconds)
      return shown
    }
  })
}, { name: 'cookies', dependencies: ['keyring', 'tokens'] })
