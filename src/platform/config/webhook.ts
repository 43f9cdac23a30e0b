import { isLoopback } from './hosts.ts'
import { SettingRefused } from './refused.ts'
import { weaknessOf } from './secrets.ts'

const MAKE_ONE = 'Make one with: openssl rand -base64 48'
const SECRET_MIN_BYTES = 32

/** Where codes for phones are handed over. The refusal never repeats the value, it may hold a token. */
export function parseWebhookUrl (value: string): string {
  const url = URL.canParse(value) ? new URL(value) : undefined
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname))
  if (url && isSafe && !url.username && !url.password && !url.hash) return url.href
  throw new SettingRefused(
    'OTP_WEBHOOK_URL must be https://, or http:// on this machine, without user, password or #, such as https://sms.example.org/send.'
  )
}

/** Where ranges of leaked passwords are asked for; the letters of a hash are put behind it. */
export function parseRangeUrl (value: string): string {
  const url = URL.canParse(value) ? new URL(value) : undefined
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname))
  if (url && isSafe && !url.username && !url.password && !url.hash && !url.search && url.pathname.endsWith('/')) return url.href
  throw new SettingRefused(
    'PASSWORD_RANGE_URL must be https://, or http:// on this machine, and end in /, such as https://api.pwnedpasswords.com/range/.'
  )
}

/** The key that signs what is handed over: `whsec_` and base64, or any text. The refusal never repeats the value. */
export function parseWebhookSecret (value: string, name = 'OTP_WEBHOOK_SECRET'): string {
  const encoded = /^whsec_(.*)$/s.exec(value)?.[1]
  if (
    encoded !== undefined && !/^[A-Za-z0-9+/]+={0,2}$/.test(encoded)
  ) throw new SettingRefused(`${name} must have plain base64 after whsec_. ${MAKE_ONE}`)
  const weakness = weaknessOf(value)
  if (weakness) throw new SettingRefused(`${name} ${weakness}. ${MAKE_ONE}`)
  const bytes = encoded === undefined ? SECRET_MIN_BYTES : Buffer.from(encoded, 'base64').length
  if (bytes < SECRET_MIN_BYTES) {
    throw new SettingRefused(`${name} has ${bytes} bytes after whsec_, at least ` +
    `${SECRET_MIN_BYTES} are needed. ${MAKE_ONE}`)
  }
  return value
}
