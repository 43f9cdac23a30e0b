import type { Sentences } from './en.ts'
import { mails } from './ru/mails.ts'
import { problems } from './ru/problems.ts'
import { shortMessages } from './ru/short-messages.ts'
import { validation } from './ru/validation.ts'

export const ru = {
  languageName: 'Русский',
  problems,
  validation,
  messages: {
    codeSent: (maskedDestination) => `Мы отправили код на ${maskedDestination}. Введите его, чтобы подтвердить адрес.`,
    codeSentLogin: (maskedDestination) => `Мы отправили код для входа на ${maskedDestination}.`,
    codeSentPhone: (maskedDestination) => `Мы отправили код на ${maskedDestination}. Введите его, чтобы подтвердить номер.`,
    emailChanged: 'Адрес изменён. Теперь входите с новым.',
    phoneOn: 'Номер подтверждён. Теперь на него можно отправлять коды.',
    phoneOff: 'Номер удалён.',
    useAuthenticator: 'Введите код из приложения-аутентификатора.',
    totpStarted: 'Отсканируйте QR-код приложением-аутентификатором и введите код, который оно покажет.',
    totpOn: 'Приложение-аутентификатор включено. Сохраните коды восстановления в надёжном месте: они показаны только сейчас.',
    totpOff: 'Приложение-аутентификатор удалено. Коды снова приходят по почте.',
    recoveryCodesNew: 'Это ваши новые коды восстановления. Сохраните их в надёжном месте: они показаны только сейчас.',
    emailConfirmed: 'Адрес подтверждён! Добро пожаловать!',
    signedIn: 'Вы вошли.',
    passwordUpdated: 'Пароль успешно обновлён',
    passwordReset: 'Пароль изменён. Войдите с новым.',
    resetCodeSent: 'Если на этот адрес зарегистрирована учётная запись, мы отправили туда код. Введите его, чтобы задать новый пароль.'
  },
  pages: {
    noScript: 'Этой странице нужен JavaScript. Включите его и обновите страницу.',
    cookiesHelp: (host: string): string =>
      `Их сохранили страницы на ${host}, возможно, другое приложение там. Удалите файлы cookie сайта ${host} в настройках браузера ` +
      'и обновите эту страницу. Затем нужно будет войти снова.',
    requestId: 'Идентификатор запроса'
  },
  mailbox: {
    title: 'Локальный почтовый ящик',
    hint: 'Сюда попадает каждое письмо этого сервера. Наружу ничего не отправляется.',
    empty: 'Писем пока нет. Зарегистрируйтесь или войдите, и код появится здесь сам.',
    to: 'Кому',
    textPart: 'Обычным текстом',
    arrived: (subject) => `Новое письмо: ${subject}`
  },
  shortMessages,
  mails
} satisfies Sentences
