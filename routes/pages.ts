import type { FastifyPluginAsync } from 'fastify'
import { Problem } from '../src/errors.ts'
import { PAGES } from '../src/platform/pages/addresses.ts'

const route: FastifyPluginAsync = async (fastify) => {
  for (const url of PAGES) {
    fastify.get(url, { config: { access: 'public' }, schema: { hide: true } }, async (request, reply) => {
      if (!fastify.pages.show) throw new Problem('NOT_FOUND')
      return fastify.pages.show(request, reply)
    })
  }
}

export default route
