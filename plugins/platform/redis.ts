import redisPlugin from '@fastify/redis'
import fp from 'fastify-plugin'
import { Cluster, type Redis } from 'ioredis'
import { checkRedis } from '../../src/platform/redis/check.ts'
import { createRedis } from '../../src/platform/redis/connect.ts'
import { inTime } from '../../src/platform/redis/deadline.ts'
import { isRedisAway } from '../../src/platform/redis/errors.ts'
import { nodesOf } from '../../src/platform/redis/nodes.ts'
import { probeRedis, type RedisState } from '../../src/platform/redis/probe.ts'
import { createReplicas, type Durably } from '../../src/platform/redis/replicas.ts'
import { createScripts, loadScripts, type RunScript } from '../../src/platform/redis/script.ts'

declare module 'fastify' {
  interface FastifyInstance {
    database: {
      run: RunScript
      durably: Durably
      /** Whether changes are taken: what readiness tells. */
      state: () => Promise<RedisState>
    }
  }
}

const CHECK_AGAIN_MS = 1_000

/** Redis, the only database. The server starts while it is away, answers 503, and recovers by itself. */
export default fp(async (fastify) => {
  const { redisWaitReplicas } = fastify.config
  const client = createRedis(fastify.app.redisTarget, 'requests', fastify.metrics.redis)
  fastify.metrics.watchRedis(() => client.status === 'ready')
  const replicas = createReplicas(client, redisWaitReplicas)
  const checks = new WeakMap<object, Promise<void>>()
  const told = new Set<string>()
  let refusal: string | null = null
  let isClosing = false
  let checkAgain: NodeJS.Timeout | undefined

  client.on('error', (error: Error) => fastify.log.debug({ event: 'redis.error', reason: error.message }, 'redis'))
  client.on('close', () => { if (!isClosing) fastify.log.warn({ event: 'redis.away' }, 'Redis is away') })
  client.on('ready', () => {
    fastify.log.info({ event: 'redis.ready' }, 'Redis is there')
    check().catch(tellUnchecked)
  })
  // A server of a Cluster that joins or comes back.
  client.on('+node', () => { if (client.status === 'ready') check().catch(tellUnchecked) })

  /** Each server of a Cluster once, else each connection: another server may be there next time. Again when it went away meanwhile. */
  async function check (): Promise<void> {
    await Promise.all(nodesOf(client).map(async (node) => {
      const challenge = client instanceof Cluster ? node : node.stream
      const checking = checks.get(challenge) ?? look(node).catch((error) => {
        checks.delete(challenge)
        // One of a Cluster may be away for long, and the client goes on without it.
        if (client instanceof Cluster && isRedisAway(error)) {
          clearTimeout(checkAgain)
          if (!isClosing) checkAgain = setTimeout(() => { check().catch(tellUnchecked) }, CHECK_AGAIN_MS).unref()
          return
        }
        tellUnchecked(error)
      })
      checks.set(challenge, checking)
      await checking
    }))
  }

  function tellUnchecked (error: unknown): void {
    fastify.log.warn({ event: 'redis.unchecked', reason: String(error) }, 'Redis could not be checked')
  }

  async function look (node: Redis): Promise<void> {
    const found = await checkRedis(node, redisWaitReplicas)
    for (const warning of found.warnings.filter((text) => !told.has(text))) {
      told.add(warning)
      fastify.log.warn({ event: 'redis.warning' }, warning)
    }
    if (!found.refusal) {
      await loadScripts(node, { isCluster: client instanceof Cluster })
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

  fastify.decorate('database', {
    run: createScripts(client, replicas.durably),
    durably: replicas.durably,
    state: async () => refusal ? { redis: 'refused' } : await probeRedis(client, replicas.durably)
  })

  // With no Sentinel there it would never be told.
  await inTime(client.connect()).then(check, () => {})
  if (refusal) throw new Error(refusal)
  fastify.addHook('onClose', async () => {
    isClosing = true
    clearTimeout(checkAgain)
    replicas.close()
    client.disconnect()
  })
}, { name: 'redis', dependencies: ['metrics'] })
