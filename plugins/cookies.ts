import cookie from '@fastify/cookie'
import fp from 'fastify-plugin'

export type CookieName = 'pending' | 'refresh' | 'device' | 'trusted'

declare module 'fastify' {
  interface FastifyInstance {
    readCookie: (request: FastifyRequest, name: CookieName) => string | undefined
    writeCookie: (reply: FastifyReply, name: CookieName, value: string, maxAgeSeconds: number) => void
    clearCookie: (reply: FastifyReply, name: CookieName) => void
    /** Takes the session and a running attempt from this browser; the device stays known. */
    clearSession: (reply: FastifyReply) => void
  }
}

/** Our cookies: HttpOnly, Strict, for the whole site; with https Secure and `__Host-`. Read only where a route asks for one. */
export default fp(async (fastify) => {
  await fastify.register(cookie, { hook: false })
  const { secure } = fastify.config
  const prefix = secure ? '__Host-' : ''
  const attributes = { path: '/', httpOnly: true, sameSite: 'strict', secure } as const

  fastify.decorate('readCookie', (request, name) => {
    const header = request.headers.cookie
    return header ? fastify.parseCookie(header)[prefix + name] || undefined : undefined
  })
  fastify.decorate('writeCookie', (reply, name, value, maxAge) => {
    reply.setCookie(prefix + name, value, { ...attributes, maxAge })
  })
  fastify.decorate('clearCookie', (reply, name) => {
    reply.setCookie(prefix + name, '', { ...attributes, maxAge: 0 })
  })
  fastify.decorate('clearSession', (reply) => {
    fastify.clearCookie(reply, 'refresh')
    fastify.clearCookie(reply, 'pending')
  })
}, { name: 'cookies' })
