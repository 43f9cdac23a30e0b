import { SettingRefused } from './refused.ts'

const atom = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
const label = '[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?'
const address = new RegExp(`^(?=[^@]{1,64}@)(?=.{1,254}$)${atom}(\\.${atom})*@${label}(\\.${label})*$`)
// A name in quotes, or one without the characters that have a meaning between addresses (RFC 5322, section 3.2.3).
const quotedName = /^"[^"\\\p{Cc}]{1,100}"$/u
const LOOPBACK = /^(localhost|127(?:\.\d{1,3}){3}|\[::1\])$/
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
  if (isUsable && isDecodable(url.username) && isDecodable(url.password)) {
    refuseParameters(url)
    return value
  }
  throw new SettingRefused('SMTP_URL must be smtp://user:password@host:587 or smtps://user:password@host:465. ' +
    'Special characters in user and password are percent-encoded: @ is %40, / is %2F, # is %23.')
}

/** Settings that SMTP_URL may carry behind a question mark. */
const PARAMETERS = ['ignoreTLS', 'requireTLS', 'tls.rejectUnauthorized', 'tls.servername', 'name']
/** A host name, or an address in the brackets of RFC 5321, section 4.1.3. */
const greetingName = /^([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*|\[[A-Za-z0-9.:]+\])$/

function refuseParameters ({ searchParams }: URL): void {
  for (const name of searchParams.keys()) {
    if (!PARAMETERS.includes(name)) {
      throw new SettingRefused(`SMTP_URL knows no setting “${name.slice(0, 40)}”, only ${PARAMETERS.join(', ')}.`)
    }
  }
  const name = searchParams.get('name')
  if (name !== null && !greetingName.test(name)) {
    throw new SettingRefused('SMTP_URL must have a host name, such as id.example.org, or an address in brackets after ?name=.')
  }
}

/** Whether mails go to this server without TLS: what is asked for, or on loopback, where it would gain nothing. */
export function sendsInClear (smtpUrl: string): boolean {
  const { protocol, hostname, searchParams } = new URL(smtpUrl)
  if (protocol === 'smtps:' || searchParams.get('requireTLS') === 'true') return false
  return LOOPBACK.test(hostname) || searchParams.get('ignoreTLS') === 'true' || searchParams.get('requireTLS') === 'false'
}

function isDecodable (text: string): boolean {
  try {
    decodeURIComponent(text)
    return true
  } catch {
    return false
  }
}
