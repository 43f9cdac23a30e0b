import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox'
import { Problem } from '../../src/errors.ts'
import { isRedisAway, reasonAway } from '../../src/redis/errors.ts'

const schema = {
  summary: 'The server can serve',
  description: '503 while Redis is away or refused; `parts.reason` tells why it takes no writes, where it says so: `full`, `cannot_save`, `replica`, `no_replicas`, `loading`, `cluster_down`, `no_access`. Mail being away is told but does not make the server unready: mails wait in the outbox.',
  tags: ['Operations'],
  response: { 200: Type.Object({ status: Type.Literal('ok'), parts: Type.Record(Type.String(), Type.String()) }) }
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  fastify.get('/ready', { schema, config: { public: true, isVital: true } }, async () => {
    const redis = await redisState()
    const parts = { ...redis, mail: fastify.mailer.state() }
    if (parts.redis !== 'up') throw new Problem('SERVICE_UNAVAILABLE', { retryAfterSeconds: 1, parts })
    return { status: 'ok' as const, parts }
  })

  async function redisState (): Promise<{ redis: 'up' | 'away' | 'refused', reason?: string }> {
    if (fastify.redisRefusal()) return { redis: 'refused' }
    try {
      await fastify.probeRedis()
      return { redis: 'up' }
    } catch (error) {
      if (!(error instanceof Error && isRedisAway(error))) throw error
      const reason = reasonAway(error)
      return { redis: 'away', ...(reason ? { reason } : {}) }
    }
  }
}

export default route
