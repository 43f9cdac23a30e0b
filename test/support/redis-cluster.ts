import { Cluster } from 'ioredis'
import { slotOf } from '../../src/platform/redis/nodes.ts'
import { DURABLE, fact, MAY_BE_DEAF, type RedisNode, startNode, until } from './redis-node.ts'
import { present } from './shapes.ts'

/** A Redis Cluster of three masters with a replica each, on loopback, AOF always. */
export interface TestCluster {
  /** For `REDIS_URL`: every node. */
  url: string
  nodes: RedisNode[]
  /** Patient: waits while a shard is down; `keys`, `config` and `flushall` are for all of them. */
  client: Cluster
  /** The server that says it is the master of the key's slot; waits while there is none. */
  masterOf: (key: string) => Promise<RedisNode>
  replicaOf: (master: RedisNode) => Promise<RedisNode>
  /** Another master for this key, without a need; resolved when it is one. */
  failover: (key: string) => Promise<void>
  /** Begins to move the slot of `key` to another master, as redis-cli --cluster reshard does. */
  beginMove: (key: string) => Promise<Move>
  /** Resolves when all nodes run and agree, and each master has its replica. */
  whole: () => Promise<void>
  dispose: () => Promise<void>
}

export interface Move {
  /** Moves one key. */
  carry: (key: string) => Promise<void>
  /** Moves what is left, key by key, and tells the cluster. */
  finish: () => Promise<void>
}

const SLOTS = 16_384
const SHARDS = 3

/** `args` are further options of every redis-server. */
export async function startCluster (args: string[] = []): Promise<TestCluster> {
  const options = [
    '--cluster-enabled', 'yes', '--cluster-require-full-coverage', 'no', '--cluster-node-timeout', '15000', ...DURABLE, ...MAY_BE_DEAF,
    // Or a replica waits five seconds for others before it is given the data.
    '--repl-diskless-sync-delay', '0', '--repl-ping-replica-period', '1', '--min-replicas-to-write', '1', ...args
  ]
  const nodes = await Promise.all(Array.from({ length: 2 * SHARDS }, async () => await startNode(options, { on: 'port and bus' })))
  const first = present(nodes[0])
  await Promise.all(nodes.slice(0, SHARDS).map(async ({ client }, index) => {
    const from = Math.ceil(index * SLOTS / SHARDS)
    await client.cluster('SET-CONFIG-EPOCH', index + 1)
    await client.cluster('ADDSLOTSRANGE', from, Math.ceil((index + 1) * SLOTS / SHARDS) - 1)
  }))
  for (const { port } of nodes.slice(1)) await first.client.cluster('MEET', '127.0.0.1', port)
  const ids = await Promise.all(nodes.map(async ({ client }) => String(await client.cluster('MYID'))))
  await until(async () => (await Promise.all(nodes.map(async ({ client }) => {
    const known = String(await client.cluster('NODES'))
    return ids.every((id) => known.includes(id)) && !known.includes('handshake')
  }))).every(Boolean))
  await Promise.all(nodes.slice(SHARDS).map(async ({ client }, index) => await client.cluster('REPLICATE', ids[index] ?? '')))

  const whole = async (): Promise<void> => {
    await until(async () => (await Promise.all(nodes.map(async ({ client }) => {
      const [cluster, replication] = await Promise.all([client.cluster('INFO'), client.info('replication')])
      const isLinked =
        fact(replication, 'role') === 'master' ? /state=online/.test(replication) : fact(replication, 'master_link_status') === 'up'
      return fact(cluster, 'cluster_state') === 'ok' && fact(cluster, 'cluster_slots_ok') === `${SLOTS}` && isLinked
    }))).every(Boolean))
  }
  await whole()
  const client = new Cluster(nodes.map(({ port }) => ({ host: '127.0.0.1', port })), {
    clusterRetryStrategy: () => 50,
    maxRedirections: 1_000,
    redisOptions: { maxRetriesPerRequest: null }
  })
  client.on('error', () => {})
  // From the first answer on it knows the masters.
  await client.exists('any')
  Object.assign(client, {
    flushall: async () => { await Promise.all(client.nodes('master').map(async (node) => await node.flushall())) },
    keys: async (pattern: string) => (await Promise.all(client.nodes('master').map(async (node) => await node.keys(pattern)))).flat(),
    config: async (...words: string[]) => (await Promise.all(client.nodes().map(async (node) => await node.call('CONFIG', ...words))))[0]
  })

  const isServedBy = async (slot: number, { client, port, isRunning }: RedisNode): Promise<boolean> =>
    isRunning && (await client.cluster('SLOTS')).some(([from, to, master]) => from <= slot && slot <= to && master?.[1] === port)
  const masterOf = async (key: string): Promise<RedisNode> => {
    let found: RedisNode | undefined
    await until(async () => {
      const areServing = await Promise.all(nodes.map(async (node) => await isServedBy(slotOf(key), node)))
      found = nodes.find((_node, index) => areServing[index])
      return found !== undefined
    })
    return present(found)
  }

  const replicaOf = async (master: RedisNode): Promise<RedisNode> => {
    const port = /slave0:ip=[^,]*,port=(\d+)/.exec(await master.client.info('replication'))?.[1]
    return present(nodes.find((node) => `${node.port}` === port))
  }

  return {
    url: `redis://${nodes.map(({ port }) => `127.0.0.1:${port}`).join(',')}`,
    nodes,
    client,
    masterOf,
    replicaOf,
    failover: async (key) => {
      const before = await masterOf(key)
      const replica = await replicaOf(before)
      let asked = 0
      await until(async () => {
        if (await masterOf(key) !== before) return true
        // It gives up after five seconds.
        if (asked === 0 || performance.now() - asked > 6_000) {
          asked = performance.now()
          await replica.client.cluster('FAILOVER')
        }
        return false
      })
    },
    beginMove: async (key) => {
      const slot = slotOf(key)
      const source = await masterOf(key)
      const roles = await Promise.all(nodes.map(async ({ client }) => fact(await client.info('replication'), 'role')))
      const target = present(nodes.find((node, index) => roles[index] === 'master' && node !== source))
      const idOf = async ({ client }: RedisNode): Promise<string> => String(await client.cluster('MYID'))
      const [sourceId, targetId] = await Promise.all([idOf(source), idOf(target)])
      await target.client.cluster('SETSLOT', slot, 'IMPORTING', sourceId)
      await source.client.cluster('SETSLOT', slot, 'MIGRATING', targetId)
      const carry: Move['carry'] = async (one) => { await source.client.call('MIGRATE', '127.0.0.1', target.port, one, 0, 5_000) }
      return {
        carry,
        finish: async () => {
          for (;;) {
            const [one] = await source.client.cluster('GETKEYSINSLOT', slot, 1)
            if (one === undefined) break
            await carry(String(one))
          }
          for (const node of [target, source]) await node.client.cluster('SETSLOT', slot, 'NODE', targetId)
          // Or the next move could be given the same epoch, and in the end nobody the slot.
          await until(async () => {
            const epochs = await Promise.all(nodes.map(async ({ client }) => epochOf(targetId, String(await client.cluster('NODES')))))
            return new Set(epochs).size === 1
          })
        }
      }
    },
    whole,
    dispose: async () => {
      client.disconnect()
      await Promise.all(nodes.map(async (node) => { await node.dispose() }))
    }
  }
}

/** The epoch that CLUSTER NODES gives for a node: of what it says, the newest that was heard. */
const epochOf = (id: string, told: string): string | undefined => new RegExp(`^${id} (?:\\S+ ){5}(\\d+)`, 'm').exec(told)?.[1]
