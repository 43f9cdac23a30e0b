import { parentPort, workerData } from 'node:worker_threads'
import type { MailJob } from './flows/mail-jobs.ts'
import { createMailPreparation } from './flows/mail-preparation.ts'
import type { Delivery } from './platform/channels/channel.ts'
import { webhookKey } from './platform/channels/signed-post.ts'
import { createWebhookChannel } from './platform/channels/webhook.ts'
import { withSenderName } from './platform/config/mail.ts'
import { createKeyring } from './platform/keyring.ts'
import { speak } from './platform/locales/index.ts'
import type { MailLog } from './platform/mail/delivery.ts'
import { createEmailChannel } from './platform/mail/email-channel.ts'
import { CLOSE, type FromMailThread, type MailThreadData } from './platform/mail/mail-thread.ts'
import { countInHour } from './platform/mail/hourly-limit.ts'
import { startOutboxWorker } from './platform/mail/outbox-worker.ts'
import { createTransport } from './platform/mail/transport.ts'
import { createRedis } from './platform/redis/connect.ts'
import { keys } from './platform/redis/keys.ts'
import { createReplicas } from './platform/redis/replicas.ts'
import { createScripts } from './platform/redis/script.ts'
import { createRecords } from './records.ts'

// The thread that plugins/platform/mailer.ts starts: renders mails in their reader's language, and sends them by SMTP or a webhook.
// eslint-disable-next-line @typescript-eslint/no-unsafe-type-assertion -- startMailThread gives this and nothing else
const { config, redisTarget, smtpUrl, secret } = workerData as MailThreadData
const post = (message: FromMailThread<MailJob>): void => { parentPort?.postMessage(message) }
const tell = (level: keyof MailLog) => (facts: object, message: string): void => { post({ kind: 'log', level, facts, message }) }

speak(config.languages)

const redis = createRedis(redisTarget, 'requests')
const connection = createRedis(redisTarget, 'worker')
for (const client of [redis, connection]) client.on('error', () => {})
redis.connect().catch(() => {})
const { durably } = createReplicas(redis, config.redisWaitReplicas)

const keyring = createKeyring(secret, config.previousSecrets)
const records = createRecords({ redis, database: { run: createScripts(redis, durably) }, keyring, config })
const from = withSenderName(config.mailFrom, config.brand.name)
const transport = createTransport(smtpUrl, { from, publicUrl: config.publicUrl, ca: config.smtpCa })
const email = createEmailChannel(transport, config)
const { otpWebhook } = config
const sms = otpWebhook && createWebhookChannel({
  url: otpWebhook.url,
  brandName: config.brand.name,
  keys: otpWebhook.secret ? [webhookKey(otpWebhook.secret)] : keyring.all.map(({ webhook }) => webhook)
})

const worker = startOutboxWorker<MailJob, Delivery>({
  prefix: keys.mail,
  connection,
  prepare: createMailPreparation({ ...records, keyring, hasSms: sms !== null }),
  send: async (delivery, jobId, beforeData) => {
    if (delivery.channel === 'sms') {
      await sms?.deliver(delivery, jobId)
      return
    }
    try {
      await email.deliver(delivery, jobId, beforeData)
      post({ kind: 'state', state: 'up' })
    } catch (error) {
      post({ kind: 'state', state: 'away' })
      throw error
    }
  },
  holdMs: async () => await countInHour(redis, keys.mail, config.limits.mailsHour),
  log: { info: tell('info'), warn: tell('warn'), error: tell('error') },
  onSettled: (job, outcome, delaySeconds) => { post({ kind: 'settled', job, outcome, delaySeconds }) }
})

parentPort?.on('message', (message: unknown) => {
  // Ends this thread only, with whatever is stuck.
  if (message === CLOSE) worker.close().then(() => process.exit(), () => process.exit(1))
})
