import fp from 'fastify-plugin'
import { createExportsStore, type ExportsStore } from '../src/records/transfers/data-export-store.ts'

declare module 'fastify' {
  interface FastifyInstance { exports: ExportsStore }
}

/** What a person may take along. */
export default fp(async (fastify) => {
  const { redis, sessions, trustedBrowsers, activity } = fastify
  fastify.decorate('exports', createExportsStore(redis, { sessions, trustedBrowsers, activity }))
}, { name: 'exports', dependencies: ['redis', 'sessions', 'trusted-devices', 'activity'] })
