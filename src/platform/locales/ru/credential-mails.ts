import type { MailSentences } from '../messages.ts'
import { noticeWith } from '../notice.ts'

const calm = 'Если это были вы, ничего делать не нужно.'
const alarm = 'Если это были не вы, немедленно сбросьте пароль: возможно, кто-то вошёл в вашу учётную запись.'

/** A change of the account: what happened, and what to do if it was not the reader. */
export const notice = noticeWith(calm, alarm)

type Kinds =
  | 'resetCode' | 'passwordChanged' | 'passwordReset' | 'twoFactorOn' | 'twoFactorOff' | 'emailCodeOn' | 'emailCodeOff'

export const credentialMails: Pick<MailSentences['words'], Kinds> = {
  resetCode: ({ code }, brand) => ({
    subject: `${code} — код ${brand} для смены пароля`,
    heading: 'Новый пароль',
    lead: `Ваш код для смены пароля: ${code}`,
    body: ['Введите этот код на странице, где выбираете новый пароль.'],
    advice: ['Если вы об этом не просили, просто не обращайте внимания на это письмо: без кода пароль останется прежним.']
  }),
  passwordChanged: notice(
    'пароль изменён', 'Ваш пароль изменён', 'Только что изменён пароль вашей учётной записи. Все остальные сеансы завершены.'
  ),
  passwordReset: notice(
    'пароль сброшен', 'Ваш пароль сброшен', 'Только что ваш пароль сброшен по коду, отправленному на этот адрес. Все сеансы завершены.'
  ),
  twoFactorOn: notice(
    'второй шаг включён', 'Второй шаг включён', 'Теперь после пароля вход запрашивает второй шаг. Все остальные сеансы завершены.'
  ),
  twoFactorOff: notice(
    'второй шаг выключен', 'Второй шаг выключен', 'Теперь для входа достаточно одного пароля. Все остальные сеансы завершены.'
  ),
  emailCodeOn: notice(
    'коды по почте включены', 'Коды по почте включены', 'Теперь коды, отправленные на этот адрес, могут быть вторым шагом.'
  ),
  emailCodeOff: notice(
    'коды по почте выключены', 'Коды по почте выключены', 'Теперь коды, отправленные на этот адрес, больше не действуют как второй шаг.'
  )
}
