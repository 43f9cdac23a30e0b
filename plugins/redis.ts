import redisPlugin from '@fastify/redis'
import fp from 'fastify-plugin'
import { checkRedis } from '../src/redis/check.ts'
import { createRedis } from '../src/redis/connect.ts'
import { keys } from '../src/redis/keys.ts'
import { sampleLatency } from '../src/redis/latency.ts'
import { createScripts, loadScripts, type RunScript } from '../src/redis/scripts.ts'

declare module 'fastify' {
  interface FastifyInstance {
    runScript: RunScript
    /** Writes, because a replica or a full disk still answers PING. Rejects when Redis takes no writes. */
    probeRedis: () => Promise<void>
    /** Why the Redis that was found is not used, or null. */
    redisRefusal: () => string | null
  }
}

const READY_MARK_MS = 10_000

/** Redis, the only database. The server starts while it is away, answers 503, and recovers by itself. */
export default fp(async (fastify) => {
  const client = createRedis(fastify.app.redisTarget, 'requests')
  sampleLatency(client, fastify.meters.redis)
  fastify.meters.watchRedis(() => client.status === 'ready')
  let refusal: string | null = null
  let checking: Promise<void> | undefined
  let isClosing = false

  client.on('error', (error) => fastify.log.debug({ event: 'redis.error', reason: error.message }, 'redis'))
  client.on('close', () => { if (!isClosing) fastify.log.warn({ event: 'redis.away' }, 'Redis is away') })
  client.on('ready', () => {
    fastify.log.info({ event: 'redis.ready' }, 'Redis is there')
    check()
  })

  /** Once; again at the next connection when Redis went away meanwhile. */
  function check (): Promise<void> {
    checking ??= look().catch((error) => {
      checking = undefined
      fastify.log.warn({ event: 'redis.unchecked', reason: String(error) }, 'Redis could not be checked')
    })
    return checking
  }

  async function look (): Promise<void> {
    const found = await checkRedis(client)
    for (const warning of found.warnings) fastify.log.warn({ event: 'redis.warning' }, warning)
    if (!found.refusal) {
      await loadScripts(client)
      return
    }
    refusal = found.refusal
    fastify.log.fatal({ event: 'redis.refused' }, refusal)
    client.disconnect()
  }

  // @fastify/redis holds the boot until its client is ready; ours has not been told to connect yet and must not hold it.
  const { status } = client
  client.status = 'ready'
  await fastify.register(redisPlugin, { client })
  client.status = status

  fastify.decorate('runScript', createScripts(client))
  fastify.decorate('probeRedis', async () => { await client.set(keys.ready, 1, 'PX', READY_MARK_MS) })
  fastify.decorate('redisRefusal', () => refusal)

  await client.connect().then(check, () => {})
  if (refusal) throw new Error(refusal)
  fastify.addHook('onClose', async () => {
    isClosing = true
    client.disconnect()
  })
}, { name: 'redis', dependencies: ['meters'] })
