import { setImmediate } from 'node:timers/promises'
import t from 'tap'
import { parseRedisUrl } from '../../../src/platform/config/redis-target.ts'
import { createRedis } from '../../../src/platform/redis/connect.ts'
import { NotReplicatedError } from '../../../src/platform/redis/errors.ts'
import { createReplicas } from '../../../src/platform/redis/replicas.ts'
import { DURABLE, fact, startNode, until } from '../../support/redis-node.ts'

t.test('fifty who wait for a replica when their Redis hangs are told so, and close its connection once', async (t) => {
  const node = await startNode(DURABLE, { on: 'port' })
  const client = createRedis(parseRedisUrl(node.url), 'requests')
  const replicas = createReplicas(client, 1)
  t.teardown(async () => {
    replicas.close()
    client.disconnect()
    await node.dispose()
  })
  client.on('error', () => {})
  await client.connect()
  const warnings: string[] = []
  const hear = ({ name }: Error): void => { warnings.push(name) }
  process.on('warning', hear)
  t.teardown(() => { process.off('warning', hear) })
  const wait = async (): Promise<void> => { await replicas.durably('k', async () => {}) }
  await t.rejects(wait(), NotReplicatedError, 'there is no replica, and the connection that waits is there')

  node.pause()
  const told = await Promise.allSettled(Array.from({ length: 50 }, wait))
  node.resume()
  for (const { status, ...rest } of told) {
    t.equal(status, 'rejected')
    t.ok('reason' in rest && rest.reason instanceof NotReplicatedError)
  }
  await until(async () => fact(await node.client.info('clients'), 'connected_clients') === '2')
  await setImmediate()
  t.strictSame(warnings, [])
})
