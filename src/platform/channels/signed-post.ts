import { createHmac } from 'node:crypto'
import { now } from '../clock.ts'

interface Message {
  url: string
  /** Signs with each: after a change of the secret the receiver may still know the old one only. */
  keys: Buffer[]
  /** The same at every try, so that the receiver can drop what it has. */
  id: string
  /** JSON. */
  body: string
  timeoutMs: number
  signal?: AbortSignal
}

/** What was answered; or null, and why nobody did: never with the URL. */
export type PostResult = { status: number, reason?: never } | { status: null, reason: string }

export type SignedPost = (message: Message) => Promise<PostResult>

/** One POST, signed after the Standard Webhooks convention. Redirects are not followed. */
export const signedPost: SignedPost = async ({ url, keys, id, body, timeoutMs, signal }) => {
  const timestamp = Math.floor(now() / 1000)
  const timeout = AbortSignal.timeout(timeoutMs)
  try {
    const answer = await fetch(url, {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/json',
        'user-agent': 'Dvokrok',
        'webhook-id': id,
        'webhook-timestamp': String(timestamp),
        'webhook-signature': keys.map((key) => signature(key, id, timestamp, body)).join(' ')
      },
      redirect: 'manual',
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout
    })
    // Nobody reads it, and unread it would hold the connection.
    await answer.body?.cancel()
    return { status: answer.status }
  } catch (error) {
    // fetch hides the reason in `cause`, and its message may name the URL.
    const { cause } = error instanceof Error ? error : {}
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : undefined
    return { status: null, reason: code ?? (error instanceof Error ? error.name : 'unknown') }
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
