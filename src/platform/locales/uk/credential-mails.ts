import type { MailSentences } from '../messages.ts'
import { noticeWith } from '../notice.ts'

const calm = 'Якщо це були ви, нічого робити не потрібно.'
const alarm = 'Якщо це були не ви, негайно скиньте пароль: хтось може мати доступ до вашого облікового запису.'

/** A change of the account: what happened, and what to do if it was not the reader. */
export const notice = noticeWith(calm, alarm)

type Kinds =
  | 'resetCode' | 'passwordChanged' | 'passwordReset' | 'twoFactorOn' | 'twoFactorOff' | 'emailCodeOn' | 'emailCodeOff'

export const credentialMails: Pick<MailSentences['words'], Kinds> = {
  resetCode: ({ code }, brand) => ({
    subject: `${code} — код ${brand} для зміни пароля`,
    heading: 'Новий пароль',
    lead: `Ваш код для зміни пароля: ${code}`,
    body: ['Введіть цей код на сторінці, де обираєте новий пароль.'],
    advice: ['Якщо ви цього не просили, просто не зважайте на цей лист: без коду пароль лишиться таким, як є.']
  }),
  passwordChanged: notice(
    'пароль змінено', 'Ваш пароль змінено', 'Щойно змінено пароль до вашого облікового запису. Усі інші сеанси завершено.'
  ),
  passwordReset: notice(
    'пароль скинуто', 'Ваш пароль скинуто', 'Щойно ваш пароль скинуто за кодом, надісланим на цю адресу. Усі сеанси завершено.'
  ),
  twoFactorOn: notice(
    'другий крок увімкнено', 'Другий крок увімкнено', 'Відтепер після пароля вхід запитує другий крок. Усі інші сеанси завершено.'
  ),
  twoFactorOff: notice(
    'другий крок вимкнено', 'Другий крок вимкнено', 'Відтепер для входу досить самого пароля. Усі інші сеанси завершено.'
  ),
  emailCodeOn: notice(
    'коди поштою ввімкнено', 'Коди поштою ввімкнено', 'Відтепер коди, надіслані на цю адресу, можуть бути другим кроком.'
  ),
  emailCodeOff: notice(
    'коди поштою вимкнено', 'Коди поштою вимкнено', 'Відтепер коди, надіслані на цю адресу, більше не діють як другий крок.'
  )
}
