import { once } from 'node:events'
import { setImmediate } from 'node:timers/promises'
import t from 'tap'
import { parseRedisUrl } from '../../../src/platform/config/redis-target.ts'
import { createRedis } from '../../../src/platform/redis/connect.ts'
import { NotReplicatedError } from '../../../src/platform/redis/errors.ts'
import { createReplicas } from '../../../src/platform/redis/replicas.ts'
import { DURABLE, fact, startNode, until } from '../../support/redis-node.ts'

t.test('fifty who wait for a replica when their Redis dies are told so, and close its connection once', async (t) => {
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

  const waiting = Array.from({ length: 50 }, async () => await replicas.durably('k', async () => await client.set('k', 'v')))
  const told = Promise.allSettled(waiting)
  await until(async () => fact(await node.client.info('clients'), 'blocked_clients') === '1')
  const closed = once(client, 'close')
  await node.kill9()
  await closed
  for (const { status, ...rest } of await told) {
    t.equal(status, 'rejected')
    t.ok('reason' in rest && rest.reason instanceof NotReplicatedError)
  }
  await setImmediate()
  t.strictSame(warnings, [])
})
