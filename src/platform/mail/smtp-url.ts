import { isIP } from 'node:net'
import { parseSmtpUrl, sendsInClear } from '../config/mail.ts'

export interface ConnectionFacts {
  /** Its host is the name we greet with, unless SMTP_URL has another: of a container the library would say [127.0.0.1]. */
  publicUrl?: string
  /** PEM, from SMTP_CA_FILE. */
  ca?: string | null
}

/** Options of nodemailer for a URL. @throws Error for a URL that it does not know */
export function connectionOf (smtpUrl: string, { publicUrl, ca }: ConnectionFacts = {}) {
  const url = new URL(parseSmtpUrl(smtpUrl))
  const says = (name: string, value: string): boolean => url.searchParams.get(name) === value
  const secure = url.protocol === 'smtps:'
  const inClear = sendsInClear(smtpUrl)
  const servername = url.searchParams.get('tls.servername')
  const name = url.searchParams.get('name') ?? (publicUrl === undefined ? undefined : greetingNameOf(new URL(publicUrl).hostname))
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (secure ? 465 : 587) : Number(url.port),
    ...(name === undefined ? {} : { name }),
    secure,
    requireTLS: !secure && !inClear,
    // A self-signed STARTTLS on loopback would fail its check and gain nothing.
    ignoreTLS: inClear && !says('requireTLS', 'false'),
    ...(url.username === '' ? {} : { auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) } }),
    tls: {
      ...(says('tls.rejectUnauthorized', 'false') ? { rejectUnauthorized: false } : {}),
      ...(servername ? { servername } : {}),
      ...(ca ? { ca } : {})
    }
  }
}

/** RFC 5321, section 4.1.3: an address stands in brackets. */
function greetingNameOf (hostname: string): string {
  if (hostname.startsWith('[')) return hostname.replace('[', '[IPv6:')
  return isIP(hostname) ? `[${hostname}]` : hostname
}
