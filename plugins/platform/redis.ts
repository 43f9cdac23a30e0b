import redisPlugin from '@fastify/redis'
import fp from 'fastify-plugin'
import { Cluster, type Redis } from 'ioredis'
import { createAwayLog } from '../../src/platform/redis/away-log.ts'
import { checkRedis } from '../../src/platform/redis/check.ts'
import { createRedis } from '../../src/platform/redis/connect.ts'
import { inTime } from '../../src/platform/redis/deadline.ts'
import { isRedisAway } from '../../src/platform/redis/errors.ts'
import { RedisRefusedError } from '../../src/platform/redis/exact-redis.ts'
import { nodesOf } from '../../src/platform/redis/nodes.ts'
import { probeRedis, type RedisState } from '../../src/platform/redis/probe.ts'
import { createReplicas, type Durably } from '../../src/platform/redis/replicas.ts'
import { findLackingRights, lackingSentence } from '../../src/platform/redis/rights.ts'
import { createScripts, loadScripts, type RunScript } from '../../src/platform/redis/script.ts'
import { createEventsRelay } from '../../src/records/events/outbox-store.ts'
import { createCause, whyAway } from '../../src/platform/redis/why-away.ts'

declare module 'fastify' {
  interface FastifyInstance {
    database: {
      run: RunScript
      durably: Durably
      /** For how many seconds the change has waited that waits longest to be told to the event log. */
      untoldSeconds: () => Promise<number>
      /** Whether changes are taken: what readiness tells. */
      state: () => Promise<RedisState>
    }
  }
}

const CHECK_AGAIN_MS = 1_000

class LackingRightsError extends Error {}

/** Redis, the only database. The server starts while it is away, answers 503, and recovers by itself. */
export default fp(async (fastify) => {
  const { redisWaitReplicas } = fastify.config
  const target = fastify.app.redisTarget
  const client = createRedis(target, 'requests', fastify.metrics.redis)
  fastify.metrics.watchRedis(() => client.status === 'ready')
  const replicas = createReplicas(client, redisWaitReplicas)
  const checks = new WeakMap<object, Promise<void>>()
  const told = new Set<string>()
  const awayLog = createAwayLog(fastify.log)
  let refusal: string | null = null
  const lackingAt = new Set<Redis>()
  const cause = createCause()
  let isClosing = false
  let checkAgain: NodeJS.Timeout | undefined

  for (const event of ['error', 'node error']) {
    client.on(event, (error: Error) => {
      cause.add(error)
      fastify.log.debug({ event: 'redis.error', reason: error.message }, 'redis')
      if (error instanceof RedisRefusedError) refuse(error.message)
      // Nobody answers to Sentinels that are away: there is no connection that could close.
      else if (client.status !== 'ready') tellAway()
    })
  }
  client.on('close', tellAway)
  client.on('ready', () => {
    awayLog.ready()
    check().catch(tellUnchecked)
  })
  // A server of a Cluster that joins or comes back.
  client.on('+node', () => { if (client.status === 'ready') check().catch(tellUnchecked) })

  function tellAway (): void {
    if (!isClosing && refusal === null) awayLog.away(whyAway(cause.last(), target))
  }

  /** Each server of a Cluster once, else each connection: another server may be there next time. Again when it went away meanwhile. */
  async function check (): Promise<void> {
    await Promise.all(nodesOf(client).map(async (node) => {
      const challenge = client instanceof Cluster ? node : node.stream
      const checking = checks.get(challenge) ?? look(node).catch((error) => {
        checks.delete(challenge)
        // Rights may be granted, a slow server may answer. One of a Cluster may be away for long, and the client goes on without it.
        clearTimeout(checkAgain)
        const again = (): void => { if (client.status === 'ready') check().catch(tellUnchecked) }
        if (!isClosing) checkAgain = setTimeout(again, CHECK_AGAIN_MS).unref()
        if (error instanceof LackingRightsError || (client instanceof Cluster && isRedisAway(error))) return
        tellUnchecked(error)
      })
      checks.set(challenge, checking)
      await checking
    }))
  }

  function tellUnchecked (error: unknown): void {
    fastify.log.warn({ event: 'redis.unchecked', reason: String(error) }, 'Redis could not be checked')
  }

  function refuse (why: string): void {
    if (refusal !== null) return
    refusal = why
    fastify.log.fatal({ event: 'redis.refused' }, why)
    client.disconnect()
  }

  async function look (node: Redis): Promise<void> {
    const lacking = await findLackingRights(node, client instanceof Cluster)
    lackingAt.delete(node)
    if (lacking.length > 0) {
      lackingAt.add(node)
      awayLog.away(lackingSentence(lacking))
      throw new LackingRightsError()
    }
    const found = await checkRedis(node, redisWaitReplicas)
    for (const warning of found.warnings.filter((text) => !told.has(text))) {
      told.add(warning)
      fastify.log.warn({ event: 'redis.warning' }, warning)
    }
    if (!found.refusal) {
      await loadScripts(node, { isCluster: client instanceof Cluster })
      return
    }
    refuse(found.refusal)
  }

  // @fastify/redis holds the boot until its client is ready; ours has not been told to connect yet and must not hold it.
  const { status } = client
  client.status = 'ready'
  await fastify.register(redisPlugin, { client })
  client.status = status

  const relay = createEventsRelay(client, createScripts(client, replicas.durably))
  if (client instanceof Cluster) relay.watch()
  fastify.decorate('database', {
    run: createScripts(client, replicas.durably, relay),
    untoldSeconds: relay.untoldSeconds,
    durably: replicas.durably,
    state: async () => {
      if (refusal !== null) return { redis: 'refused' }
      if (nodesOf(client).some((node) => lackingAt.has(node))) return { redis: 'refused', reason: 'no_access' }
      return await probeRedis(client, replicas.durably)
    }
  })

  // With no Sentinel there it would never be told.
  await inTime(client.connect()).then(check, () => {})
  if (refusal) throw new Error(refusal)
  fastify.addHook('onClose', async () => {
    isClosing = true
    clearTimeout(checkAgain)
    await relay.close()
    replicas.close()
    client.disconnect()
  })
}, { name: 'redis', dependencies: ['metrics'] })
