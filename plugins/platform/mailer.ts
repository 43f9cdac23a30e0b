import fp from 'fastify-plugin'
import type { Mailer, MailJob } from '../../src/flows/mail-jobs.ts'
import { parseSmtpUrl } from '../../src/platform/config/mail.ts'
import { type MailState, type MailThread, startMailThread } from '../../src/platform/mail/mail-thread.ts'
import { createOutbox } from '../../src/platform/mail/outbox.ts'
import { keys } from '../../src/platform/redis/keys.ts'

declare module 'fastify' {
  interface FastifyInstance {
    mailer: Mailer & {
      /** How the last mail went. */
      state: () => MailState
    }
  }
}

// It lies in `src` and is of this file's kind: .ts under tsx or tap, .js in the build.
const ENTRY = new URL(`../../src/mail-worker${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url)

/** The thread takes its time from the start, so it waits until the first answers are out. */
const START_AFTER_MS = 50

/** What leaves for people is put into a durable outbox in Redis; a thread sends it (src/mail-worker.ts). Requests wait for neither. */
export default fp(async (fastify) => {
  const { config, app, redis, metrics } = fastify
  const { redisTarget, smtpUrl, secret } = app
  // A wrong one stops the start here, not later in the thread.
  parseSmtpUrl(smtpUrl)
  const outbox = createOutbox<MailJob>({ connection: redis, durably: fastify.database.durably, prefix: keys.mail })
  metrics.watchMails(outbox.waiting)
  let state: MailState = 'up'
  let thread: MailThread | undefined
  let starting: NodeJS.Timeout | undefined

  fastify.decorate('mailer', {
    send: outbox.add,
    notify: async (job) => {
      await outbox.add(job).catch((error: unknown) => {
        fastify.log.error({ event: 'mail.notice_lost', job: job.kind, reason: String(error) }, 'a notice could not be put into the outbox')
      })
    },
    state: () => state
  })
  const start = (): void => {
    thread = startMailThread<MailJob>({
      entry: ENTRY,
      data: { config, redisTarget, smtpUrl, secret },
      log: fastify.log,
      receive: (message) => {
        if (message.kind === 'state') {
          state = message.state
          return
        }
        const { job, outcome, delaySeconds } = message
        metrics.mail(outcome)
        if (outcome !== 'sent') return
        metrics.mailDelay(delaySeconds)
        if (job.kind === 'code') metrics.code(job.purpose, 'sent')
      }
    })
  }
  fastify.addHook('onReady', async () => {
    // A process that takes over from another has its requests from the first moment.
    if (app.sharedMetrics) start()
    else starting = setTimeout(start, START_AFTER_MS)
  })
  fastify.addHook('onClose', async () => {
    clearTimeout(starting)
    await thread?.close()
    await outbox.close()
  })
}, { name: 'mailer', dependencies: ['metrics', 'redis'] })
