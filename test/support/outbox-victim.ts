import { parseRedisUrl } from '../../src/platform/config/redis-target.ts'
import { startOutboxWorker } from '../../src/platform/mail/outbox-worker.ts'
import { createRedis } from '../../src/platform/redis/connect.ts'
import { keys } from '../../src/platform/redis/keys.ts'

/** A process that takes a mail from the outbox, says so, and never finishes: to be killed. */
const target = parseRedisUrl(process.argv[2] ?? '')
const silent = (): void => {}
startOutboxWorker({
  connection: createRedis(target, 'worker'),
  prefix: keys.mail,
  prepare: async () => {
    process.send?.('taken')
    return await new Promise<never>(() => {})
  },
  send: async () => {},
  log: { info: silent, warn: silent, error: silent }
})
