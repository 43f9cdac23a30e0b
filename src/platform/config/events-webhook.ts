import { isLoopback } from './hosts.ts'
import { type Attempt, listOf, SettingRefused } from './refused.ts'
import type { Variables } from './variables.ts'
import { parseWebhookSecret } from './webhook.ts'

const PRIVATE = /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.|\[f[cd][0-9a-f]{2}:|[^.:]+$|.*\.(internal|local|svc)$)/
const TYPE = /^(account\.(created|updated|disabled|enabled|deleted)|session\.(started|ended)|sessions\.ended)$/

/** Who is sent the event log. */
export function eventsWebhookOf (variables: Variables, attempt: Attempt) {
  const { EVENTS_WEBHOOK_URL: list, EVENTS_WEBHOOK_SECRET: secret, EVENTS_WEBHOOK_TYPES: wanted } = variables
  if (!list) return null
  const urls = attempt(() => listOf(list).map(parseReceiver), [])
  const secrets = attempt(() => parseSecrets(secret), [])
  const types = wanted ? attempt(() => listOf(wanted).map(parseType), null) : null
  return { urls: [...new Set(urls)], secrets, types }
}

/** Named in full, so it may be on a private network, where there are no certificates. The refusal never repeats the value. */
function parseReceiver (value: string): string {
  const url = URL.canParse(value) ? new URL(value) : undefined
  const isNear = url !== undefined && (isLoopback(url.hostname) || PRIVATE.test(url.hostname))
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isNear)
  if (url && isSafe && !url.username && !url.password && !url.hash) return url.href
  throw new SettingRefused('EVENTS_WEBHOOK_URL must list addresses with https://, or http:// on this machine or a private network, ' +
    'without user, password or #, separated by commas, such as https://billing.example.org/events.')
}

function parseSecrets (value: string | undefined): string[] {
  const secrets = listOf(value)
  const isNumber = secrets.length === 1 || secrets.length === 2
  if (isNumber) return secrets.map((secret) => parseWebhookSecret(secret, 'EVENTS_WEBHOOK_SECRET'))
  throw new SettingRefused('EVENTS_WEBHOOK_SECRET must be one secret, or two with a comma between them while the receivers change over. ' +
    'Make one with: echo "whsec_$(openssl rand -base64 32)"')
}

function parseType (value: string): string {
  if (TYPE.test(value)) return value
  throw new SettingRefused('EVENTS_WEBHOOK_TYPES must list types of events, such as account.deleted,session.ended. ' +
    'docs/events.md has them all.')
}
