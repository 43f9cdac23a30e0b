import type { MailSentences } from '../messages.ts'
import { noticeWith } from '../notice.ts'

const ask = 'Якщо ви не знаєте чому, зверніться до тих, хто веде цей сервіс.'

const decided = noticeWith(ask)

/** What an administrator did to the reader's account. */
export const adminMails: Pick<MailSentences['words'], 'roleChanged' | 'accountDisabled' | 'accountEnabled' | 'locksLifted'> = {
  roleChanged: decided(
    'вашу роль змінено',
    'Вашу роль змінено',
    'Адміністратор змінив роль вашого облікового запису. Усі сеанси завершено; увійдіть, будь ласка, знову.'
  ),
  accountDisabled: decided(
    'обліковий запис вимкнено',
    'Ваш обліковий запис вимкнено',
    'Адміністратор вимкнув ваш обліковий запис. Усі сеанси завершено, увійти неможливо.'
  ),
  accountEnabled: decided(
    'обліковий запис знову діє', 'Ваш обліковий запис знову діє', 'Адміністратор знову ввімкнув ваш обліковий запис. Ви можете увійти.'
  ),
  locksLifted: decided(
    'коди знову діють', 'Коди знову діють', 'Адміністратор зняв блокування після надто багатьох хибних кодів. Ви знову можете увійти.'
  )
}
