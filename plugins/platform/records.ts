import fp from 'fastify-plugin'
import { isRedisAway } from '../../src/platform/redis/errors.ts'
import { createRecords, type Records } from '../../src/records.ts'

declare module 'fastify' {
  interface FastifyInstance { records: Records }
}

/** Everything that is kept, each kind by its store. */
export default fp(async (fastify) => {
  const records = createRecords(fastify)
  fastify.decorate('records', records)
  // With Redis away the first request that needs the key loads it; a Redis of another SECRET stops the start.
  await records.addressTags.load().catch((error) => { if (!isRedisAway(error)) throw error })
}, { name: 'records', dependencies: ['redis', 'keyring'] })
