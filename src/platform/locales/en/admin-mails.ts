import type { MailSentences } from '../messages.ts'
import { noticeWith } from '../notice.ts'

const ask = 'If you do not know why, ask the people who run this service.'

const decided = noticeWith(ask)

/** What an administrator did to the reader's account. */
export const adminMails: Pick<MailSentences['words'], 'roleChanged' | 'accountDisabled' | 'accountEnabled' | 'locksLifted'> = {
  roleChanged: decided(
    'your role was changed',
    'Your role was changed',
    'An administrator has changed the role of your account. All sessions were ended; please sign in again.'
  ),
  accountDisabled: decided(
    'your account was disabled',
    'Your account was disabled',
    'An administrator has disabled your account. All sessions were ended, and signing in is not possible.'
  ),
  accountEnabled: decided(
    'your account is enabled again', 'Your account is enabled again', 'An administrator has enabled your account again. You can sign in.'
  ),
  locksLifted: decided(
    'codes work again', 'Codes work again', 'An administrator has lifted the lock after too many wrong codes. You can sign in again.'
  )
}
