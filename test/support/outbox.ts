import type { Test } from 'tap'
import { parseRedisUrl } from '../../src/platform/config/redis-target.ts'
import type { Delivery } from '../../src/platform/channels/channel.ts'
import { countInHour } from '../../src/platform/mail/hourly-limit.ts'
import { createOutbox, type Outbox } from '../../src/platform/mail/outbox.ts'
import { type OutboxWorker, type OutboxWorkerOptions, startOutboxWorker } from '../../src/platform/mail/outbox-worker.ts'
import { renderMail } from '../../src/platform/mail/render.ts'
import { createTransport } from '../../src/platform/mail/transport.ts'
import { createRedis } from '../../src/platform/redis/connect.ts'
import { keys } from '../../src/platform/redis/keys.ts'
import { createReplicas } from '../../src/platform/redis/replicas.ts'
import type { TestRedis } from './redis.ts'
import type { TestSmtp } from './smtp.ts'

export interface Job { kind: 'code', attemptId: string }

export const CODE = '483920'
type Mail = Extract<Delivery, { channel: 'email' }>
export const mailTo = (to: string): Mail => ({
  channel: 'email',
  to,
  locale: 'en',
  message: { kind: 'loginCode', code: CODE, ttlMinutes: 5, name: 'Olena', client: { device: 'Firefox on Linux', ip: '192.0.2.1' } }
})
export const newAttempt = (attemptId: string): Job => ({ kind: 'code', attemptId })

export interface Rig {
  outbox: Outbox<Job> & { start: () => void }
  logs: Array<Record<string, unknown>>
  logged: (event: string) => Promise<void>
}
type Parts = Partial<Pick<OutboxWorkerOptions<Job, Mail>, 'prepare' | 'send'>> & { hourlyLimit?: number }

/** An outbox as the server makes it; a job `olena` becomes a mail to olena@example.org unless the test says otherwise. */
export async function openOutbox (t: Test, redis: TestRedis, smtp: TestSmtp, { hourlyLimit, ...parts }: Parts = {}): Promise<Rig> {
  const target = parseRedisUrl(redis.url)
  const [requests, worker] = [createRedis(target, 'requests'), createRedis(target, 'worker')]
  for (const client of [requests, worker]) client.on('error', () => {})
  await requests.connect().catch(() => {})
  const transport = createTransport(smtp.url, { from: 'Dvokrok <no-reply@example.org>' })
  const logs: Rig['logs'] = []
  const waiting = new Set<() => void>()
  const log = (facts: object): void => {
    logs.push({ ...facts })
    waiting.forEach((look) => { look() })
  }
  const queue = createOutbox<Job>({ connection: requests, durably: createReplicas(requests, 0).durably, prefix: keys.mail })
  const options: OutboxWorkerOptions<Job, Mail> = {
    connection: worker,
    prefix: keys.mail,
    prepare: async ({ attemptId }) => mailTo(`${attemptId}@example.org`),
    send: async (mail, messageId, beforeData) => {
      await transport.sendMail(mail.to, renderMail(mail.message, { locale: mail.locale, publicUrl: 'https://id.example.org' }), {
        messageId,
        locale: mail.locale,
        beforeData
      })
    },
    log: { info: log, warn: log, error: log },
    ...(hourlyLimit === undefined ? {} : { holdMs: async () => await countInHour(requests, keys.mail, hourlyLimit) }),
    ...parts
  }
  let sender: OutboxWorker | undefined
  const outbox = {
    ...queue,
    start: () => { sender = startOutboxWorker(options) },
    close: async () => {
      await sender?.close()
      await queue.close()
    }
  }
  t.teardown(async () => {
    await outbox.close()
    transport.close()
    requests.disconnect()
    worker.disconnect()
  })
  const logged = async (event: string): Promise<void> => {
    await new Promise<void>((resolve, reject) => {
      const look = (): void => { if (logs.some((line) => line['event'] === event)) resolve() }
      setTimeout(() => { reject(new Error(`no ${event} in ${JSON.stringify(logs)}`)) }, 15_000).unref()
      waiting.add(look)
      look()
    })
  }
  return { outbox, logs, logged }
}
