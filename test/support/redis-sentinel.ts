import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DURABLE, fact, MAY_BE_DEAF, type RedisNode, startNode, until } from './redis-node.ts'
import { present, shaped } from './shapes.ts'

/** A master with two replicas under three Sentinels, on loopback, AOF always. */
export interface TestSentinel {
  /** For `REDIS_URL`. */
  url: string
  nodes: RedisNode[]
  /** As the Sentinels see it. */
  master: () => Promise<RedisNode>
  /** Another master, without a need; resolved when there is one. */
  failover: () => Promise<void>
  /** Resolves when all three run, and the master has both replicas. */
  whole: () => Promise<void>
}

const NAME = 'main'
const QUORUM = 2

export async function startSentinel (
  t: { teardown: (fn: () => unknown) => unknown },
  { downAfterMs }: { downAfterMs: number }
): Promise<TestSentinel> {
  const options = [
    ...DURABLE,
    ...MAY_BE_DEAF,
    '--repl-diskless-sync-delay',
    '0',
    '--repl-ping-replica-period',
    '1',
    '--min-replicas-to-write',
    '1',
    '--min-replicas-max-lag',
    '10'
  ]
  const nodes = await Promise.all(Array.from({ length: 3 }, async () => await startNode(options, { on: 'port' })))
  const all: RedisNode[] = [...nodes]
  t.teardown(async () => {
    await Promise.all(
      all.map(async ({ dispose }) => {
        await dispose()
      })
    )
  })
  const [first, ...others] = [present(nodes[0]), ...nodes.slice(1)] as const
  await Promise.all(others.map(async ({ client }) => await client.replicaof('127.0.0.1', first.port)))

  const settings = [
    `sentinel monitor ${NAME} 127.0.0.1 ${first.port} ${QUORUM}`,
    `sentinel down-after-milliseconds ${NAME} ${downAfterMs}`,
    `sentinel failover-timeout ${NAME} 20000`
  ]
  const configured = (folder: string): string[] => {
    const file = join(folder, 'sentinel.conf')
    writeFileSync(file, settings.join('\n'))
    return [file, '--sentinel']
  }
  const sentinels = await Promise.all(Array.from({ length: 3 }, async () => await startNode([], { on: 'port', args: configured })))
  all.push(...sentinels)
  // They look at their servers every ten seconds, and wait eight until one that comes back is told that it is no master any more.
  await Promise.all(
    sentinels.map(async ({ client }) => await client.call('SENTINEL', 'DEBUG', 'info-period', '1000', 'publish-period', '500'))
  )

  const master = async (): Promise<RedisNode> => {
    const [, port] = shaped<[string, string]>(await sentinels[0]?.client.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', NAME))
    return present(nodes.find((node) => `${node.port}` === port))
  }
  const whole = async (): Promise<void> => {
    await until(async () => {
      const replication = await (await master()).client.info('replication')
      return fact(replication, 'role') === 'master' && replication.match(/state=online/g)?.length === 2
    })
    // Who would vote must know whom to vote for.
    await until(async () =>
      (await Promise.all(sentinels.map(async ({ client }) => /status=ok.*slaves=2,sentinels=3/.test(await client.info('sentinel'))))).every(
        Boolean
      )
    )
  }
  const failover = async (): Promise<void> => {
    const before = await master()
    await until(async () => {
      if ((await master()) !== before) return true
      // Refused as long as one is under way.
      await sentinels[0]?.client.call('SENTINEL', 'FAILOVER', NAME).catch(() => {})
      return false
    })
  }
  await whole()
  return { url: `redis+sentinel://${sentinels.map(({ port }) => `127.0.0.1:${port}`).join(',')}/${NAME}`, nodes, master, failover, whole }
}
