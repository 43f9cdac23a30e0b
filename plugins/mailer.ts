import fp from 'fastify-plugin'
import type { MailJob } from '../src/mail/jobs.ts'
import { createNoticesStore } from '../src/mail/notices-store.ts'
import { createOutbox } from '../src/mail/outbox.ts'
import { createMailPreparation } from '../src/mail/prepare.ts'
import { renderMail } from '../src/mail/render.ts'
import { createTransport } from '../src/mail/transport.ts'
import { createRedis } from '../src/redis/connect.ts'
import { keys } from '../src/redis/keys.ts'

declare module 'fastify' {
  interface FastifyInstance {
    mailer: {
      /** Resolves when the durable outbox has the mail. Rejects at once when it cannot. */
      send: (job: MailJob) => Promise<void>
      /** The same for a notice that nobody asked for: its failing is logged and stops nothing. */
      notify: (job: MailJob) => Promise<void>
      /** How the last mail went. */
      state: () => 'up' | 'away'
    }
  }
}

/** Mail: through a durable outbox in Redis, rendered in the reader's language, sent by SMTP. Requests never wait for SMTP. */
export default fp(async (fastify) => {
  const { config, app, redis } = fastify
  let state: 'up' | 'away' = 'up'
  const transport = createTransport(app.smtpUrl, { from: config.mailFrom, publicUrl: config.publicUrl })
  const worker = createRedis(app.redisTarget, 'worker')
  worker.on('error', () => {})
  const prepare = createMailPreparation({ accounts: fastify.accounts, challenges: fastify.challenges, notices: createNoticesStore(redis), totp: fastify.totp })

  const outbox = createOutbox<MailJob>({
    queueConnection: redis,
    workerConnection: worker,
    prefix: keys.mail,
    prepare,
    send: async (mail, jobId) => {
      try {
        await transport.sendMail(mail.to, renderMail(mail.message, { locale: mail.locale, publicUrl: config.publicUrl }), { messageId: jobId, locale: mail.locale })
        state = 'up'
      } catch (error) {
        state = 'away'
        throw error
      }
    },
    log: fastify.log
  })

  fastify.decorate('mailer', {
    send: async (job) => await outbox.add(job),
    notify: async (job) => {
      await outbox.add(job).catch((error) => fastify.log.error({ event: 'mail.notice_lost', job: job.kind, reason: String(error) }, 'a notice could not be put into the outbox'))
    },
    state: () => state
  })
  fastify.addHook('onReady', async () => { outbox.start() })
  fastify.addHook('onClose', async () => {
    await outbox.close()
    transport.close()
    worker.disconnect()
  })
}, { name: 'mailer', dependencies: ['redis', 'challenges', 'accounts', 'second-factors'] })
