import fp from 'fastify-plugin'
import { type AdminStore, createAdminStore } from '../src/records/accounts/administration-store.ts'

declare module 'fastify' {
  interface FastifyInstance { administration: AdminStore }
}

/** What admins may do with accounts. */
export default fp(async (fastify) => {
  fastify.decorate('administration', createAdminStore(fastify.redis, fastify.runScript))
}, { name: 'administration', dependencies: ['redis'] })
