import { createHmac } from 'node:crypto'
import { OUR_NAME } from '../brand/brand.ts'
import { now } from '../clock.ts'
import { sentences } from '../locales/index.ts'
import { type DeliveryChannel, DeliveryRefusedError } from './channel.ts'

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
      const timestamp = Math.floor(sentAt / 1000)
      const text = sentences(locale).shortMessages[message.kind](message, brandName)
      const body = JSON.stringify({ id, kind: 'code', destination: to, text, locale, timestamp: new Date(sentAt).toISOString() })
      const status = await post(url, body, {
        'content-type': 'application/json',
        'user-agent': 'Dvokrok',
        'webhook-id': id,
        'webhook-timestamp': String(timestamp),
        'webhook-signature': keys.map((key) => signature(key, id, timestamp, body)).join(' ')
      })
      if (status >= 200 && status < 300) return
      const isForGood = status >= 400 && status < 500 && status !== 408 && status !== 429
      const reason = `the webhook answered ${status}`
      throw isForGood ? new DeliveryRefusedError(reason) : new Error(reason)
    }
  }
}

/** `v1,` and the base64 HMAC-SHA-256 over id, seconds and body, joined by dots (Standard Webhooks 1.0.0, symmetric). */
export const signature = (key: Buffer, id: string, timestampSeconds: number, body: string): string =>
  `v1,${createHmac('sha256', key).update(`${id}.${timestampSeconds}.${body}`).digest('base64')}`

const SECRET_PREFIX = 'whsec_'

/** The key that a secret stands for: `whsec_` and base64 as Standard Webhooks writes it, else its bytes as they are. */
export const webhookKey = (secret: string): Buffer =>
  secret.startsWith(SECRET_PREFIX) ? Buffer.from(secret.slice(SECRET_PREFIX.length), 'base64') : Buffer.from(secret)

/** A key as the libraries of Standard Webhooks take it. */
export const writeWebhookKey = (key: Buffer): string => SECRET_PREFIX + key.toString('base64')

async function post (url: string, body: string, headers: Record<string, string>): Promise<number> {
  try {
    const answer = await fetch(url, { method: 'POST', body, headers, redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT_MS) })
    // Nobody reads it, and unread it would hold the connection.
    await answer.body?.cancel()
    return answer.status
  } catch (error) {
    // fetch hides the reason in `cause`, and its message may name the URL.
    const { cause } = error instanceof Error ? error : {}
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : error instanceof Error ? error.name : 'unknown'
    throw new Error(`the webhook could not be reached (${code})`)
  }
}
