import type { MailSentences } from '../messages.ts'
import { noticeWith } from '../notice.ts'

const ask = 'Если вы не знаете почему, обратитесь к тем, кто ведёт этот сервис.'

const decided = noticeWith(ask)

/** What an administrator did to the reader's account. */
export const adminMails: Pick<MailSentences['words'], 'roleChanged' | 'accountDisabled' | 'accountEnabled' | 'locksLifted'> = {
  roleChanged: decided(
    'ваша роль изменена',
    'Ваша роль изменена',
    'Администратор изменил роль вашей учётной записи. Все сеансы завершены; пожалуйста, войдите снова.'
  ),
  accountDisabled: decided(
    'учётная запись отключена',
    'Ваша учётная запись отключена',
    'Администратор отключил вашу учётную запись. Все сеансы завершены, войти нельзя.'
  ),
  accountEnabled: decided(
    'учётная запись снова действует',
    'Ваша учётная запись снова действует',
    'Администратор снова включил вашу учётную запись. Вы можете войти.'
  ),
  locksLifted: decided(
    'коды снова действуют',
    'Коды снова действуют',
    'Администратор снял блокировку после слишком многих неверных кодов. Вы снова можете войти.'
  )
}
