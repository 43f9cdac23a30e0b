import { OUR_NAME } from '../brand/brand.ts'
import { now } from '../clock.ts'
import { say } from '../locales/bind-texts.ts'
import { sentences } from '../locales/index.ts'
import { type DeliveryChannel, DeliveryRefusedError } from './channel.ts'
import { signedPost } from './signed-post.ts'

const TIMEOUT_MS = 5_000

export interface WebhookOptions {
  url: string
  /** Whose code it is. */
  brandName?: string
  /** Signs with each: after a change of the secret the receiver may still know the old one only. */
  keys: Buffer[]
}

/**
 * The operator's own sender of text messages (SMS, push, a messenger): one POST per message, signed after the Standard Webhooks
 * convention. 2xx is delivered; 4xx is a no for good, except 408 and 429. Redirects are not followed.
 */
export function createWebhookChannel ({ url, brandName = OUR_NAME, keys }: WebhookOptions): DeliveryChannel<'sms'> {
  return {
    deliver: async ({ to, locale, message }, id) => {
      const sentAt = now()
      const text = say(sentences(locale).shortMessages[message.kind], { ...message, brand: brandName })
      const body = JSON.stringify({ id, kind: 'code', destination: to, text, locale, timestamp: new Date(sentAt).toISOString() })
      const { status, reason: why } = await signedPost({ url, keys, id, body, timeoutMs: TIMEOUT_MS })
      if (status === null) throw new Error(`the webhook could not be reached (${why})`)
      if (status >= 200 && status < 300) return
      const isForGood = status >= 400 && status < 500 && status !== 408 && status !== 429
      const reason = `the webhook answered ${status}`
      throw isForGood ? new DeliveryRefusedError(reason) : new Error(reason)
    }
  }
}
