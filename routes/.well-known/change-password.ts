import type { FastifyPluginAsync } from 'fastify'

/** Where password managers send people (W3C, A Well-Known URL for Changing Passwords). */
const route: FastifyPluginAsync = async (fastify) => {
  fastify.get('/change-password', { config: { access: 'public' }, schema: { hide: true } }, async (_request, reply) =>
    await reply.redirect(`${fastify.config.basePath}/settings#password`, 302))
}

export default route
