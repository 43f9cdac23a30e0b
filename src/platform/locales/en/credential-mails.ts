import type { MailSentences } from '../messages.ts'
import { noticeWith } from '../notice.ts'

const calm = 'If it was you, there is nothing you need to do.'
const alarm = 'If it was not you, reset your password at once: somebody may be in your account.'

/** A change of the account: what happened, and what to do if it was not the reader. */
export const notice = noticeWith(calm, alarm)

type Kinds =
  | 'resetCode' | 'passwordChanged' | 'passwordReset' | 'twoFactorOn' | 'twoFactorOff' | 'emailCodeOn' | 'emailCodeOff'

export const credentialMails: Pick<MailSentences['words'], Kinds> = {
  resetCode: ({ code }, brand) => ({
    subject: `${code} — your ${brand} password reset code`,
    heading: 'Choose a new password',
    lead: `Your password reset code: ${code}`,
    body: ['Enter this code on the page where you are choosing a new password.'],
    advice: ['If you did not ask for it, just ignore this mail: without the code, your password stays as it is.']
  }),
  passwordChanged: notice(
    'your password was changed', 'Your password was changed', 'Your password has just been changed. All other sessions were ended.'
  ),
  passwordReset: notice(
    'your password was reset',
    'Your password was reset',
    'Your password has just been reset by a code sent to this address. All sessions were ended.'
  ),
  twoFactorOn: notice(
    'the second step is on',
    'The second step is on',
    'From now on, signing in asks for a second step after the password. All other sessions were ended.'
  ),
  twoFactorOff: notice(
    'the second step is off', 'The second step is off', 'From now on, the password alone signs in. All other sessions were ended.'
  ),
  emailCodeOn: notice(
    'codes by e-mail are on', 'Codes by e-mail are on', 'From now on, codes sent to this address can be used as a second step.'
  ),
  emailCodeOff: notice(
    'codes by e-mail are off', 'Codes by e-mail are off', 'From now on, codes sent to this address no longer work as a second step.'
  )
}
