import type { HTTPMethods } from 'fastify'
import fp from 'fastify-plugin'
import { Problem } from '../src/errors.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** To be called once, after all routes: a known path with a wrong method answers 405 with `Allow`. */
    refuseOtherMethods: () => void
  }
}

const METHODS: HTTPMethods[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE']

export default fp(async (fastify) => {
  const known = new Map<string, Set<string>>()
  fastify.addHook('onRoute', ({ url, method }) => {
    const methods = known.get(url) ?? new Set()
    for (const one of [method].flat()) methods.add(one)
    known.set(url, methods)
  })

  fastify.decorate('refuseOtherMethods', () => {
    for (const [url, methods] of [...known]) {
      const allow = [...methods].join(', ')
      const others = METHODS.filter((method) => !methods.has(method))
      if (url.includes('*') || others.length === 0) continue
      const refuse = async (): Promise<never> => { throw new Problem('METHOD_NOT_ALLOWED', { allow }) }
      // In onRequest, so that no body is read for it.
      fastify.route({ method: others, url, config: { public: true }, schema: { hide: true }, exposeHeadRoute: false, onRequest: refuse, handler: refuse })
    }
  })
}, { name: 'methods' })
