import cookie from '@fastify/cookie'
import fp from 'fastify-plugin'

export type CookieName = 'pending' | 'refresh' | 'device' | 'trusted'

declare module 'fastify' {
  interface FastifyInstance {
    /** As it stands in headers. */
    cookieName: (name: CookieName) => string
    readCookie: (request: FastifyRequest, name: CookieName) => string | undefined
    /** `value`: letters, digits, `-`, `_` and dots. @throws Error for any other */
    writeCookie: (reply: FastifyReply, name: CookieName, value: string, maxAgeSeconds: number) => void
    clearCookie: (reply: FastifyReply, name: CookieName) => void
    /** Takes the session and a running attempt from this browser; the device stays known. */
    clearSession: (reply: FastifyReply) => void
  }
}

/** What our tokens are made of. A semicolon would begin an attribute. */
const VALUE = /^[\w.-]*$/

/** Our cookies: HttpOnly, Strict, for the whole site; with https Secure and `__Host-`. Read only where a route asks for one. */
export default fp(async (fastify) => {
  await fastify.register(cookie, { hook: false })
  const { secure } = fastify.config
  const fullName = (name: CookieName): string => (secure ? '__Host-' : '') + name
  // Said by the library once: it looked at every attribute of every cookie anew.
  const attributes = fastify.serializeCookie('a', '', { path: '/', httpOnly: true, sameSite: 'strict', secure }).slice('a='.length)

  fastify.decorate('cookieName', fullName)
  fastify.decorate('readCookie', (request, name) => {
    const header = request.headers.cookie
    if (!header) return undefined
    const start = `${fullName(name)}=`
    // Not trim(): a space of Unicode belongs to a name or a value, and makes it another one.
    const found = header.split(';').map((pair) => pair.replace(/^[ \t]+|[ \t]+$/g, '')).filter((pair) => pair.startsWith(start))
    // A name that comes twice names nothing: one of the two was planted, and nobody can tell which.
    return found.length === 1 ? found[0]?.slice(start.length) || undefined : undefined
  })
  fastify.decorate('writeCookie', (reply, name, value, maxAgeSeconds) => {
    if (!VALUE.test(value)) throw new Error(`The cookie ${name} can only hold a token.`)
    const start = `${fullName(name)}=`
    const isOwn = (one: unknown): boolean => String(one).startsWith(start)
    const earlier = [reply.getHeader('set-cookie') ?? []].flat()
    // The last word about a cookie is the only one.
    if (earlier.some(isOwn)) reply.removeHeader('set-cookie').header('set-cookie', earlier.filter((one) => !isOwn(one)))
    reply.header('set-cookie', `${start}${value}; Max-Age=${maxAgeSeconds}${attributes}`)
  })
  fastify.decorate('clearCookie', (reply, name) => { fastify.writeCookie(reply, name, '', 0) })
  fastify.decorate('clearSession', (reply) => {
    fastify.clearCookie(reply, 'refresh')
    fastify.clearCookie(reply, 'pending')
  })
}, { name: 'cookies' })
