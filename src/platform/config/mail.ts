import { SettingRefused } from './refused.ts'

const atom = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
const label = '[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?'
const address = new RegExp(`^(?=[^@]{1,64}@)(?=.{1,254}$)${atom}(\\.${atom})*@${label}(\\.${label})*$`)
// A name in quotes, or one without the characters that have a meaning between addresses (RFC 5322, section 3.2.3).
const quotedName = /^"[^"\\\p{Cc}]{1,100}"$/u
const plainName = /^[^"\\()<>[\]:;@,\p{Cc}]{1,100}$/u

/** One mailbox, `address` or `Name <address>`. A list or a group here would send every mail in several people's names. */
export function parseMailFrom (value: string): string {
  const [, name, angled] = /^(.*?)\s*<([^<>]*)>$/.exec(value) ?? [undefined, '', value]
  const nameFits = name === '' || quotedName.test(name ?? '') || plainName.test(name ?? '')
  if (nameFits && address.test(angled ?? '')) return value
  throw new SettingRefused(`MAIL_FROM must be one mailbox with an ASCII address, but is ${JSON.stringify(value.slice(0, 80))}. ` +
    'Write no-reply@example.org or Example <no-reply@example.org>; a name with commas or dots needs quotes.')
}

/** `from` as `parseMailFrom` takes it; where it is an address alone, mails come from `name`. */
export function withSenderName (from: string, name: string): string {
  if (from.includes('<') || name === '') return from
  return plainName.test(name) ? `${name} <${from}>` : `"${name.replace(/["\\]/g, '')}" <${from}>`
}

/** The address of the mail server. The refusal never repeats it, it may hold a password. */
export function parseSmtpUrl (value: string): string {
  const url = URL.canParse(value) ? new URL(value) : undefined
  const isUsable = url && /^smtps?:$/.test(url.protocol) && url.hostname !== '' && url.port !== '0' && /^\/?$/.test(url.pathname)
  if (isUsable && isDecodable(url.username) && isDecodable(url.password)) return value
  throw new SettingRefused('SMTP_URL must be smtp://user:password@host:587 or smtps://user:password@host:465. ' +
    'Special characters in user and password are percent-encoded: @ is %40, / is %2F, # is %23.')
}

function isDecodable (text: string): boolean {
  try {
    decodeURIComponent(text)
    return true
  } catch {
    return false
  }
}
