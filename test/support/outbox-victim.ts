import { parseRedisUrl } from '../../src/platform/config/redis-target.ts'
import { startOutboxWorker } from '../../src/platform/mail/outbox-worker.ts'
import { createTransport } from '../../src/platform/mail/transport.ts'
import { createRedis } from '../../src/platform/redis/connect.ts'
import { keys } from '../../src/platform/redis/keys.ts'
import { mailTo } from './outbox.ts'

/** A process that takes a mail from the outbox, says so, and never finishes, or hands it to the server it is given: to be killed. */
const [redisUrl = '', smtpUrl] = process.argv.slice(2)
const target = parseRedisUrl(redisUrl)
const silent = (): void => {}
const transport = smtpUrl === undefined ? null : createTransport(smtpUrl, { from: 'no-reply@example.org' })
startOutboxWorker({
  connection: createRedis(target, 'worker'),
  prefix: keys.mail,
  prepare: async () => {
    process.send?.('taken')
    if (!transport) return await new Promise<never>(() => {})
    return mailTo('olena@example.org')
  },
  send: async ({ to }, messageId, beforeData) => {
    await transport?.sendMail(to, { subject: 's', text: 't', html: '<p>t</p>' }, { messageId, locale: 'en', beforeData })
  },
  log: { info: silent, warn: silent, error: silent }
})
