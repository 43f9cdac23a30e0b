import fp from 'fastify-plugin'
import type { EventName } from '../src/records/activity/activity.ts'
import { type ActivityStore, createActivityStore } from '../src/records/activity/activity-store.ts'

declare module 'fastify' {
  interface FastifyInstance {
    activity: ActivityStore
    /** Tells an account's log of something that changed nothing of the account; what changes it is told by its own script. */
    recordActivity: (request: FastifyRequest, accountId: string, event: EventName, result: string, factor?: string) => Promise<void>
  }
}

/** The account's own log: who did what, how it went, from where. */
export default fp(async (fastify) => {
  const store = createActivityStore(fastify.runScript)
  fastify.decorate('activity', store)
  fastify.decorate('recordActivity', async (request, accountId, event, result, factor) => {
    await store.add(accountId, fastify.clientOf(request), { event, result, ...(factor === undefined ? {} : { factor }) })
  })
}, { name: 'activity', dependencies: ['redis', 'client'] })
