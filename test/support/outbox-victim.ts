import { parseRedisUrl } from '../../src/platform/config/redis-target.ts'
import { createOutbox, type OutgoingMail } from '../../src/platform/mail/outbox.ts'
import { createTransport } from '../../src/platform/mail/transport.ts'
import { createRedis } from '../../src/platform/redis/connect.ts'
import { keys } from '../../src/platform/redis/keys.ts'
import { createReplicas } from '../../src/platform/redis/replicas.ts'

/** A process that takes a mail from the outbox, says so, and never finishes, or hands it to the server it is given: to be killed. */
const [redisUrl = '', smtpUrl] = process.argv.slice(2)
const target = parseRedisUrl(redisUrl)
const silent = (): void => {}
const requests = createRedis(target, 'requests')
const transport = smtpUrl === undefined ? null : createTransport(smtpUrl, { from: 'no-reply@example.org' })
createOutbox({
  queueConnection: requests,
  durably: createReplicas(requests, 0).durably,
  workerConnection: createRedis(target, 'worker'),
  prefix: keys.mail,
  prepare: async (): Promise<OutgoingMail> => {
    process.send?.('taken')
    if (!transport) return await new Promise<never>(() => {})
    const client = { device: '', ip: '' }
    return { to: 'olena@example.org', locale: 'en', message: { kind: 'loginCode', code: '483920', ttlMinutes: 5, name: 'Olena', client } }
  },
  send: async ({ to }, messageId, beforeData) => {
    await transport?.sendMail(to, { subject: 's', text: 't', html: '<p>t</p>' }, { messageId, locale: 'en', beforeData })
  },
  log: { info: silent, warn: silent, error: silent }
}).start()
