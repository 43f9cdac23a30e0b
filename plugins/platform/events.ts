import fp from 'fastify-plugin'
import { startWebhooks } from '../../src/flows/webhooks.ts'
import { signedPost, webhookKey } from '../../src/platform/channels/signed-post.ts'
import { now } from '../../src/platform/clock.ts'
import { isEventType } from '../../src/records/events/event.ts'
import { lookAtReceiver } from '../../src/records/events/receivers-store.ts'

const TRIM_MS = 60_000

/** The event log, apart from who reads it by HTTP: drops what is old, and sends it to the operator's receivers. */
export default fp(async (fastify) => {
  const { config, database, metrics, records, redis, log } = fastify
  const { eventsFeed, events } = records
  metrics.watchEvents({ streams: eventsFeed.followers, untoldSeconds: database.untoldSeconds })

  const trimming = setInterval(() => {
    events.trim(config.eventsLifeMs).catch((error: unknown) => {
      log.debug({ event: 'events.not_trimmed', reason: String(error) }, 'old events are dropped later')
    })
  }, TRIM_MS).unref()

  const { urls = [], secrets = [], types = null } = config.eventsWebhook ?? {}
  const hosts = urls.map((url) => new URL(url).host)
  const nameOf = (url: string): string => {
    const index = urls.indexOf(url)
    const host = hosts[index] ?? ''
    return hosts.indexOf(host) === index ? host : `${host} ${index + 1}`
  }
  for (const url of urls) {
    metrics.watchReceiver(nameOf(url), async () => {
      const found = await lookAtReceiver(redis, url, now())
      return { lagSeconds: (found?.lagMs ?? 0) / 1000, isPaused: (found?.pausedAt ?? 0) > 0 }
    })
  }
  let stop = async (): Promise<void> => {}
  fastify.addHook('onReady', async () => {
    if (urls.length === 0) return
    stop = startWebhooks({
      ...records,
      receivers: urls.map((url) => ({ url, name: nameOf(url) })),
      types: types && new Set(types.filter((type) => isEventType(type))),
      keys: secrets.map(webhookKey),
      post: signedPost,
      log,
      onOutcome: metrics.webhook
    })
  })
  // Streams would hold the server open for good.
  fastify.addHook('preClose', async () => { eventsFeed.close() })
  fastify.addHook('onClose', async () => {
    clearInterval(trimming)
    eventsFeed.close()
    await stop()
  })
}, { name: 'events', dependencies: ['metrics', 'records', 'redis'] })
