import type { HTTPMethods } from 'fastify'
import fp from 'fastify-plugin'
import { Problem } from '../../src/errors.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** To be called once, after all routes: a known path with a wrong method answers 405 with `Allow`. */
    refuseOtherMethods: () => void
  }
}

const METHODS: HTTPMethods[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE']

export default fp(async (fastify) => {
  const urls = new Set<string>()
  fastify.addHook('onRoute', ({ url }) => { urls.add(url) })

  fastify.decorate('refuseOtherMethods', () => {
    for (const url of [...urls]) {
      // Asked of the router: Fastify adds a route for a trailing slash that onRoute is not told of.
      const others = METHODS.filter((method) => !fastify.hasRoute({ url, method }))
      const allow = METHODS.filter((method) => !others.includes(method)).join(', ')
      if (url.includes('*') || others.length === 0) continue
      const refuse = async (): Promise<never> => { throw new Problem('METHOD_NOT_ALLOWED', { allow }) }
      // In onRequest, so that no body is read for it.
      const open = { config: { access: 'public' }, schema: { hide: true } } as const
      fastify.route({ ...open, method: others, url, exposeHeadRoute: false, onRequest: refuse, handler: refuse })
    }
  })
}, { name: 'method-not-allowed' })
