import type { MailSentences } from '../messages.ts'
import { noticeWith } from '../notice.ts'
import { notice } from './credential-mails.ts'

const calm = 'If it was you, there is nothing you need to do.'

/** A notice to an address from which a password reset may not help any more: what to do instead is its own. */
const told = (subject: string, heading: string, happened: string, alarm: string) => noticeWith(calm, alarm)(subject, heading, happened)

type Kinds =
  | 'emailChangeCode' | 'emailChangeRequested' | 'emailChanged' | 'accountDeleted' | 'phoneOn' | 'phoneOff'

export const identityMails: Pick<MailSentences['words'], Kinds> = {
  emailChangeCode: ({ code }, brand) => ({
    subject: `${code} — confirm your new address for ${brand}`,
    heading: 'Confirm your new address',
    lead: `Your code for the new address: ${code}`,
    body: ['Enter this code on the page where you are changing the address of your account. From then on you sign in with this address.'],
    advice: ['If you did not ask for it, just ignore this mail: without the code, nothing happens.']
  }),
  emailChangeRequested: told(
    'your address is about to change',
    'Your address is about to change',
    'Somebody has just asked to change the address of your account to another one. It changes when the code that we sent there is entered.',
    'If it was not you, change your password at once: that stops the change and ends all other sessions.'),
  emailChanged: told(
    'your address was changed',
    'Your address was changed',
    'Your account now has another address. Signing in with this one no longer works, and all other sessions were ended.',
    'If it was not you, somebody has taken over your account. Tell whoever runs this server at once: a password reset no longer reaches ' +
      'you here.'),
  accountDeleted: told(
    'your account was deleted',
    'Your account was deleted',
    'Your account has just been deleted, with everything we held about it. This cannot be undone.',
    'If it was not you, somebody was in your account. Tell whoever runs this server, and change the password wherever else you use it.'),
  phoneOn: notice(
    'codes go to your phone',
    'Codes can go to your phone',
    'A phone number was confirmed for your account. Sign-in codes can be sent to it from now on. All other sessions were ended.'
  ),
  phoneOff: notice(
    'your phone number was removed',
    'Your phone number was removed',
    'The phone number of your account was removed. Sign-in codes no longer go there. All other sessions were ended.'
  )
}
