import type { SmtpFacts } from '../../platform/mail/probe.ts'
import { fail, type Finding, pass, unchecked } from './finding.ts'

export function judgeSmtp (facts: SmtpFacts): Finding[] {
  const { where, unreachable } = facts
  if (unreachable !== null) {
    return [
      fail('mail.reachable', `Nobody greets at ${where}: ${unreachable}.`, 'Check SMTP_URL, and whether this machine may connect there.'),
      unchecked('mail.encrypted', 'The mail server was not reached.'),
      unchecked('mail.login', 'The mail server was not reached.')
    ]
  }
  return [pass('mail.reachable', `The mail server at ${where} greets.`), judgeEncryption(facts), judgeLogin(facts)]
}

function judgeEncryption ({ encryption, isRequired, certificateError }: SmtpFacts): Finding {
  if (encryption === 'none') {
    return isRequired
      ? fail('mail.encrypted', 'The mail server offers no STARTTLS, so no mail is sent.', 'Switch STARTTLS on there, or use smtps://.')
      : fail('mail.encrypted', 'Mails with codes go to the mail server in clear.', 'Use smtps://, or smtp:// with STARTTLS; in clear only to a server on this machine that forwards encrypted.')
  }
  const name = encryption === 'tls' ? 'TLS' : 'STARTTLS'
  if (certificateError === null) return pass('mail.encrypted', `Mails go there by ${name}, with a certificate that is good.`)
  return fail('mail.encrypted', `${name} is there, but its certificate is not believed: ${certificateError}.`, 'Install a good one there; ?tls.servername=NAME when it is for another name.')
}

function judgeLogin ({ login }: SmtpFacts): Finding {
  if (login === null) return pass('mail.login', 'SMTP_URL names no user, so none is checked.')
  if (login === 'accepted') return pass('mail.login', 'The mail server takes our user and password.')
  return fail('mail.login', `The mail server does not let us in: ${login.reason}.`, 'Check user and password in SMTP_URL; @ is written %40, / is %2F, # is %23.')
}
