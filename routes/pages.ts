import type { FastifyPluginAsync } from 'fastify'
import { Problem } from '../src/errors.ts'

/** Every address that our pages have; what each shows, the browser decides. */
const PAGES = ['/', '/register', '/verify-otp', '/login', '/forgot-password', '/dashboard', '/settings']

const route: FastifyPluginAsync = async (fastify) => {
  for (const url of PAGES) {
    fastify.get(url, { config: { access: 'public' }, schema: { hide: true } }, async (request, reply) => {
      if (!fastify.pages.show) throw new Problem('NOT_FOUND')
      return await fastify.pages.show(request, reply)
    })
  }
}

export default route
