import t from 'tap'
import type { RedisClient } from '../../src/platform/redis/connect.ts'
import { startCluster, type TestCluster } from './redis-cluster.ts'
import { DURABLE, type RedisNode, startNode } from './redis-node.ts'

export { ageRecords } from './age-records.ts'

/** `TEST_REDIS=cluster` runs the same tests on a Redis Cluster. */
export const isCluster = process.env['TEST_REDIS'] === 'cluster'

/** One server, or all servers of a Cluster at once. `dispose` is done by `t.teardown` anyway. */
export type TestRedis = Omit<RedisNode, 'port' | 'isRunning' | 'client'> & { client: RedisClient }

interface Ending { teardown: (fn: () => unknown) => unknown }

/**
 * A Redis of this test, AOF always, gone at the end of `t`: one server on a short socket path without TCP, or a Cluster. `args` are further
 * options of redis-server, such as `'--maxmemory', '2mb'`.
 */
export const startRedis = async (t: Ending, args: string[] = []): Promise<TestRedis> =>
  isCluster ? await borrowCluster(t, args) : await startOneRedis(t, args)

/** The same, one server in any case: for what is about one. */
export async function startOneRedis (t: Ending, args: string[] = []): Promise<RedisNode> {
  const node = await startNode([...DURABLE, ...args], { on: 'socket' })
  t.teardown(node.dispose)
  return node
}

// A Cluster takes seconds to form, so those that are whole and have no options of their own go from test to test, emptied.
const idle: TestCluster[] = []
t.teardown(async () => { await Promise.all(idle.map(async ({ dispose }) => { await dispose() })) })

async function borrowCluster (t: Ending, args: string[]): Promise<TestRedis> {
  const cluster = (args.length === 0 ? idle.pop() : undefined) ?? await startCluster(args)
  const { nodes, client, url, whole } = cluster
  let isReusable = args.length === 0
  let isGone = false
  const all = async (act: (node: TestCluster['nodes'][number]) => unknown): Promise<void> => { await Promise.all(nodes.map(act)) }
  const dispose = async (): Promise<void> => {
    if (isGone) return
    isGone = true
    if (isReusable) idle.push(cluster)
    else await cluster.dispose()
  }
  t.teardown(dispose)
  await client.flushall()
  return {
    url,
    get pid () { return nodes[0]?.pid ?? 0 },
    client,
    kill9: async () => {
      isReusable = false
      await all(async ({ kill9 }) => { await kill9() })
    },
    restart: async () => {
      await all(async ({ restart }) => { await restart() })
      await whole()
    },
    pause: () => {
      isReusable = false
      nodes.forEach(({ pause }) => { pause() })
    },
    resume: () => { nodes.forEach(({ resume }) => { resume() }) },
    dispose
  }
}
