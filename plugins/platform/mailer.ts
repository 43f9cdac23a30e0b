import fp from 'fastify-plugin'
import type { Delivery } from '../../src/platform/channels/channel.ts'
import { createEmailChannel } from '../../src/platform/mail/email-channel.ts'
import { createWebhookChannel, webhookKey } from '../../src/platform/channels/webhook.ts'
import type { Mailer, MailJob } from '../../src/flows/mail-jobs.ts'
import { createOutbox } from '../../src/platform/mail/outbox.ts'
import { createMailPreparation } from '../../src/flows/mail-preparation.ts'
import { createTransport } from '../../src/platform/mail/transport.ts'
import { createRedis } from '../../src/platform/redis/connect.ts'
import { keys } from '../../src/platform/redis/keys.ts'

declare module 'fastify' {
  interface FastifyInstance {
    mailer: Mailer & {
      /** How the last mail went. */
      state: () => 'up' | 'away'
    }
  }
}

/** What the last run left unsent waits until the first answers are out. */
const START_AFTER_MS = 50

/**
 * What leaves for people: through a durable outbox in Redis, rendered in the reader's language, by SMTP or the operator's webhook.
 * Requests wait for neither.
 */
export default fp(async (fastify) => {
  const { config, app, redis, metrics, keyring, records } = fastify
  let state: 'up' | 'away' = 'up'
  const transport = createTransport(app.smtpUrl, { from: config.mailFrom, publicUrl: config.publicUrl, ca: config.smtpCa })
  const worker = createRedis(app.redisTarget, 'worker')
  worker.on('error', () => {})
  const email = createEmailChannel(transport, config.publicUrl)
  const { otpWebhook } = config
  const sms = otpWebhook && createWebhookChannel({
    url: otpWebhook.url,
    keys: otpWebhook.secret ? [webhookKey(otpWebhook.secret)] : keyring.all.map(({ webhook }) => webhook)
  })
  const prepare = createMailPreparation({ ...records, keyring, hasSms: sms !== null })

  const outbox = createOutbox<MailJob, Delivery>({
    queueConnection: redis,
    durably: fastify.database.durably,
    workerConnection: worker,
    prefix: keys.mail,
    hourlyLimit: config.limits.mailsHour,
    prepare,
    send: async (delivery, jobId, beforeData) => {
      if (delivery.channel === 'sms') {
        await sms?.deliver(delivery, jobId)
        return
      }
      try {
        await email.deliver(delivery, jobId, beforeData)
        state = 'up'
      } catch (error) {
        state = 'away'
        throw error
      }
    },
    log: fastify.log,
    onSettled: (job, outcome, delaySeconds) => {
      metrics.mail(outcome)
      if (outcome !== 'sent') return
      metrics.mailDelay(delaySeconds)
      if (job.kind === 'code') metrics.code(job.purpose, 'sent')
    }
  })
  metrics.watchMails(outbox.waiting)

  fastify.decorate('mailer', {
    send: async (job, options) => await outbox.add(job, options),
    notify: async (job) => {
      await outbox.add(job).catch((error: unknown) => {
        fastify.log.error({ event: 'mail.notice_lost', job: job.kind, reason: String(error) }, 'a notice could not be put into the outbox')
      })
    },
    state: () => state
  })
  let starting: NodeJS.Timeout | undefined
  fastify.addHook('onReady', async () => {
    // A process that takes over from another has its requests from the first moment.
    if (app.sharedMetrics) await outbox.start()
    else starting = setTimeout(outbox.start, START_AFTER_MS)
  })
  fastify.addHook('onClose', async () => {
    clearTimeout(starting)
    await outbox.close()
    transport.close()
    worker.disconnect()
  })
}, { name: 'mailer', dependencies: ['metrics', 'redis', 'keyring', 'records'] })
