import { isLoopback } from '../../platform/config/hosts.ts'
import type { SmtpFacts } from '../../platform/mail/probe.ts'
import { fail, type Finding, pass, unchecked, warn } from './finding.ts'

export function judgeSmtp (facts: SmtpFacts): Finding[] {
  const { where, unreachable } = facts
  if (unreachable !== null) {
    return [
      fail('mail.reachable', `No mail server answers at ${where}: ${unreachable}.`,
        'Check SMTP_URL, and that this machine may connect there.'),
      unchecked('mail.encrypted', 'The mail server was not reached.'),
      unchecked('mail.login', 'The mail server was not reached.')
    ]
  }
  return [pass('mail.reachable', `The mail server at ${where} answers.`), judgeEncryption(facts), judgeLogin(facts)]
}

function judgeEncryption ({ where, encryption, isRequired, certificateError }: SmtpFacts): Finding {
  if (encryption === 'none' && !isRequired && isLoopback(where.slice(0, where.lastIndexOf(':')))) {
    return pass('mail.encrypted', 'Mails stay on this machine up to the mail server; make sure that it encrypts what it forwards.')
  }
  if (encryption === 'none') {
    return isRequired
      ? fail('mail.encrypted', 'The mail server offers no STARTTLS, so no mail is sent.', 'Enable STARTTLS there, or use smtps://.')
      : fail('mail.encrypted', 'Mails with codes go to the mail server unencrypted.',
        'Use smtps://, or smtp:// with STARTTLS. Unencrypted is fine only to a server on this machine that encrypts what it forwards.')
  }
  const name = encryption === 'tls' ? 'TLS' : 'STARTTLS'
  if (certificateError === null) return pass('mail.encrypted', `Mails are sent over ${name}, and the certificate is valid.`)
  return fail('mail.encrypted', `${name} works, but the certificate is not trusted: ${certificateError}.`,
    'Install a valid certificate there, name an authority of your own in SMTP_CA_FILE, or add ?tls.servername=NAME for another name.')
}

function judgeLogin ({ login }: SmtpFacts): Finding {
  if (login === null) return pass('mail.login', 'SMTP_URL has no user, so there is nothing to check.')
  if (login === 'accepted') return pass('mail.login', 'The mail server accepts the user and password.')
  return fail('mail.login', `The mail server refuses the login: ${login.reason}.`,
    'Check user and password in SMTP_URL; @ is written %40, / is %2F, # is %23.')
}

export function judgeMailLimit (count: number, limit: number): Finding {
  if (count <= limit / 2) return pass('mail.limit', `${count} of ${limit} mails of this hour were used.`)
  const message = count > limit
    ? `The ${limit} mails of this hour are used up, and ${count - limit} more wait for the next one.`
    : `${count} of ${limit} mails of this hour were used.`
  return (count > limit ? fail : warn)('mail.limit', message,
    'Look for a flood in the log (request lines of /auth/register, /auth/login and /auth/password/forgot). ' +
    'If so many are meant, raise LIMIT_MAILS_HOUR.')
}
