import type { MailSentences } from '../messages.ts'
import { pluralOf } from '../plural.ts'
import { notice } from './credential-mails.ts'

const plural = pluralOf('en')
const left = (codes: number): string => codes === 0
  ? 'It was the last one: make new recovery codes in the settings.'
  : plural(codes, '# recovery code is left.', '# recovery codes are left.')

export const factorMails: Pick<MailSentences['words'], 'totpOn' | 'totpOff' | 'recoveryCodesNew' | 'recoveryCodeUsed' | 'codesLocked'> = {
  totpOn: notice(
    'an authenticator app is on',
    'An authenticator app is on',
    'From now on, signing in asks for a code from an authenticator app. All other sessions were ended.'
  ),
  totpOff: notice(
    'the authenticator app was removed',
    'The authenticator app was removed',
    'The authenticator app and its recovery codes no longer work. Sign-in codes come to this address again. All other sessions were ended.'
  ),
  recoveryCodesNew: notice(
    'new recovery codes',
    'New recovery codes',
    'New recovery codes were made for your account. The old ones no longer work. All other sessions were ended.'
  ),
  recoveryCodeUsed: (facts, brand) =>
    notice('a recovery code was used', 'A recovery code was used', 'A recovery code of your account has just been used. ' +
      `${left(facts.left)}`)(facts, brand),
  codesLocked: (_facts, brand) => ({
    subject: `${brand}: too many wrong codes`,
    heading: 'Too many wrong codes',
    lead: 'Somebody entered your password, and then wrong codes, too often. Nobody got in.',
    body: ['Somebody entered your password correctly, and then wrong codes, too often. Nobody got in. To be safe, your account accepts ' +
      'no codes for now: a day at most, unless it keeps happening.'],
    advice: [
      'If it was you, sign in again in a day. If that does not work, reset your password.',
      'If it was not you, somebody knows your password. Reset it as soon as you can.'
    ]
  })
}
