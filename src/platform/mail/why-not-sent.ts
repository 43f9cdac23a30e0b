const REASON_LENGTH = 200
const UNTRUSTED = /SELF_SIGNED|UNABLE_TO|self-signed|unable to (?:get|verify)/

type Fact = 'code' | 'originalCode' | 'responseCode' | 'command' | 'response' | 'timeoutType' | 'message'

export const factsOf = (error: unknown): Partial<Record<Fact, unknown>> => typeof error === 'object' && error !== null ? error : {}

/**
 * Why the mail server at `where` did not take a mail, with the setting and the way out where it is ours to change. Holds no address, no
 * code and no secret, so it may be logged and kept.
 */
export function whyNotSent (error: unknown, where: string): string {
  const { code, originalCode, command, response, message } = factsOf(error)
  const said = typeof response === 'string' ? response.trim() : ''
  const cause = String(originalCode ?? code ?? '')
  const words = [cause, command, said].filter((word) => typeof word === 'string' && word !== '').join(' · ')
  const facts = redact(words === '' ? String(message ?? error) : words)
  const advice = adviceFor(cause, String(code), String(command), `${cause} ${String(message)}`, where)
  return advice === undefined ? facts : `${advice} (${facts})`
}

function adviceFor (cause: string, code: string, command: string, text: string, where: string): string | undefined {
  const at = `The mail server at ${where}`
  if (code === 'EAUTH') return `${at} refuses the user and password of SMTP_URL: correct them; percent-encode @ as %40, / as %2F, # as %23`
  if (code === 'EDNS' || cause === 'ENOTFOUND' || cause === 'EAI_AGAIN') {
    return `The host of SMTP_URL has no address (${where}): correct the name, or the DNS of this machine`
  }
  if (cause === 'ECONNREFUSED') return `Nothing listens at ${where}: start the mail server, or correct host and port in SMTP_URL`
  if (UNTRUSTED.test(text)) return `${at} has a certificate of an authority that is not known here: name its certificate in SMTP_CA_FILE`
  if (/ALTNAME|altnames/.test(text)) return `${at} has a certificate for another name: use that name in SMTP_URL, or ?tls.servername=NAME`
  if (/CERT_HAS_EXPIRED|certificate has expired/.test(text)) return `${at} has a certificate that has expired: renew it there`
  if (/WRONG_VERSION_NUMBER|wrong version number|EPROTO\b/.test(text)) {
    return `${at} speaks no TLS on this port: SMTP_URL must be smtp:// there, smtps:// is for port 465`
  }
  if (command === 'STARTTLS' || code === 'ETLS') return `${at} offers no encryption that works: enable STARTTLS there, or use smtps://`
  if (command === 'EHLO' || command === 'HELO') return `${at} refuses our name: say another with ?name=HOST behind SMTP_URL`
  if (command === 'MAIL FROM') return `${at} refuses the sender: correct MAIL_FROM, or what SMTP_URL signs in as`
  if (code === 'ETIMEDOUT' || /UNREACH/.test(cause)) {
    return `${at} does not answer: check host and port in SMTP_URL, and whether a firewall is in between`
  }
  return undefined
}

/** Mail servers like to repeat the address, and sometimes the subject with its code. */
const redact = (text: string): string => text.replace(/\S*@\S*/g, '<address>').replace(/\d{6,}/g, '<digits>').slice(0, REASON_LENGTH)
