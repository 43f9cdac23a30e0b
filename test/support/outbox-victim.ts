import { parseRedisUrl } from '../../src/platform/config/redis-target.ts'
import { createOutbox } from '../../src/platform/mail/outbox.ts'
import { createRedis } from '../../src/platform/redis/connect.ts'
import { keys } from '../../src/platform/redis/keys.ts'
import { createReplicas } from '../../src/platform/redis/replicas.ts'

/** A process that takes a mail from the outbox, says so, and never finishes: to be killed. */
const target = parseRedisUrl(process.argv[2] ?? '')
const silent = (): void => {}
const requests = createRedis(target, 'requests')
await createOutbox({
  queueConnection: requests,
  durably: createReplicas(requests, 0).durably,
  workerConnection: createRedis(target, 'worker'),
  prefix: keys.mail,
  prepare: async () => {
    process.send?.('taken')
    return await new Promise<never>(() => {})
  },
  send: async () => {},
  log: { info: silent, warn: silent, error: silent }
}).start()
