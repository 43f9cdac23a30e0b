import type { Sentences } from './en.ts'
import { mails } from './uk/mails.ts'
import { problems } from './uk/problems.ts'
import { shortMessages } from './uk/short-messages.ts'
import { validation } from './uk/validation.ts'

export const uk = {
  languageName: 'Українська',
  problems,
  validation,
  messages: {
    codeSent: (maskedDestination) => `Ми надіслали код на ${maskedDestination}. Введіть його, щоб підтвердити адресу.`,
    codeSentLogin: (maskedDestination) => `Ми надіслали код для входу на ${maskedDestination}.`,
    codeSentPhone: (maskedDestination) => `Ми надіслали код на ${maskedDestination}. Введіть його, щоб підтвердити номер.`,
    emailChanged: 'Адресу змінено. Відтепер входьте з новою.',
    phoneOn: 'Номер підтверджено. Відтепер на нього можна надсилати коди.',
    phoneOff: 'Номер вилучено.',
    useAuthenticator: 'Введіть код із застосунку для автентифікації.',
    totpStarted: 'Відскануйте QR-код застосунком для автентифікації та введіть код, який він покаже.',
    totpOn: 'Застосунок для автентифікації ввімкнено. Збережіть коди відновлення в надійному місці: їх показано лише зараз.',
    totpOff: 'Застосунок для автентифікації вилучено. Коди знову надходять поштою.',
    recoveryCodesNew: 'Це ваші нові коди відновлення. Збережіть їх у надійному місці: їх показано лише зараз.',
    emailConfirmed: 'Адресу підтверджено! Вітаємо!',
    signedIn: 'Ви увійшли.',
    passwordUpdated: 'Пароль успішно оновлено',
    passwordReset: 'Пароль змінено. Увійдіть з новим.',
    resetCodeSent: 'Якщо на цю адресу зареєстровано обліковий запис, ми надіслали туди код. Введіть його, щоб задати новий пароль.'
  },
  pages: {
    noScript: 'Ця сторінка потребує JavaScript. Увімкніть його та оновіть сторінку.',
    cookiesHelp: (host: string): string =>
      `Їх зберегли сторінки на ${host}, можливо, інший застосунок там. Видаліть файли cookie сайту ${host} у налаштуваннях браузера ` +
      'та оновіть цю сторінку. Потім потрібно буде ввійти знову.',
    requestId: 'Ідентифікатор запиту'
  },
  mailbox: {
    title: 'Локальна поштова скринька',
    hint: 'Сюди потрапляє кожен лист цього сервера. Назовні нічого не надсилається.',
    empty: 'Листів ще немає. Зареєструйтеся або ввійдіть, і код з’явиться тут сам.',
    to: 'Кому',
    textPart: 'Звичайним текстом',
    arrived: (subject) => `Новий лист: ${subject}`
  },
  shortMessages,
  mails
} satisfies Sentences
