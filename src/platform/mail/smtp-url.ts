const LOOPBACK = /^(localhost|127(?:\.\d{1,3}){3}|\[::1\])$/
const SETTINGS = ['ignoreTLS', 'requireTLS', 'tls.rejectUnauthorized', 'tls.servername']

/** Options of nodemailer for a URL. @throws Error for a URL that it does not know */
export function connectionOf (smtpUrl: string) {
  const url = new URL(smtpUrl)
  if (url.protocol !== 'smtp:' && url.protocol !== 'smtps:') throw new Error('SMTP_URL must begin with smtp:// or smtps://')
  for (const name of url.searchParams.keys()) {
    if (!SETTINGS.includes(name)) throw new Error(`SMTP_URL knows no setting “${name}”, only ${SETTINGS.join(', ')}`)
  }
  const says = (name: string, value: string): boolean => url.searchParams.get(name) === value
  const secure = url.protocol === 'smtps:'
  const inClear = !secure && !says('requireTLS', 'true') &&
    (LOOPBACK.test(url.hostname) || says('ignoreTLS', 'true') || says('requireTLS', 'false'))
  const servername = url.searchParams.get('tls.servername')
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (secure ? 465 : 587) : Number(url.port),
    secure,
    requireTLS: !secure && !inClear,
    // A self-signed STARTTLS on loopback would fail its check and gain nothing.
    ignoreTLS: inClear && !says('requireTLS', 'false'),
    ...(url.username === '' ? {} : { auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) } }),
    tls: {
      ...(says('tls.rejectUnauthorized', 'false') ? { rejectUnauthorized: false } : {}),
      ...(servername ? { servername } : {})
    }
  }
}
