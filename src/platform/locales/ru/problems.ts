import type { ProblemSentences } from '../problem-sentences.ts'
import { pluralOf, waitOf } from '../plural.ts'

const plural = pluralOf('ru')
// Accusative, as after «через».
const wait = waitOf({
  seconds: (n) => plural(n, '# секунду', '# секунды', '# секунд'),
  minutes: (n) => plural(n, '# минуту', '# минуты', '# минут'),
  hours: (n) => plural(n, '# час', '# часа', '# часов')
})

const tryAgain = (seconds: number | undefined): string =>
  seconds === undefined ? 'Попробуйте ещё раз немного позже.' : `Попробуйте ещё раз через ${wait(seconds)}.`

const attempts = (left: number | undefined): string => {
  if (left === undefined) return 'Проверьте последнее письмо и попробуйте ещё раз.'
  if (left === 0) return 'Это была последняя попытка. Начните сначала, и мы отправим новый код.'
  return 'Проверьте последнее письмо и попробуйте ещё раз. ' +
    `${plural(left, 'Осталась # попытка.', 'Осталось # попытки.', 'Осталось # попыток.')}`
}

export const problems: ProblemSentences = {
  VALIDATION_FAILED: {
    title: 'Что-то заполнено неверно',
    detail: () => 'Исправьте указанные поля и отправьте ещё раз.'
  },
  OTP_INVALID: { title: 'Код неверный', detail: ({ attemptsLeft }) => attempts(attemptsLeft) },
  OTP_EXPIRED: { title: 'Срок действия кода истёк', detail: () => 'Запросите новый код: письмо придёт через мгновение.' },
  PASSWORD_WEAK: { title: 'Этот пароль слишком легко угадать', detail: () => 'Выберите подлиннее или менее распространённый.' },
  CREDENTIALS_INVALID: {
    title: 'Неверный адрес или пароль',
    detail: () => 'Проверьте их и попробуйте ещё раз. Если вы только что зарегистрировались, сначала подтвердите адрес кодом из нашего ' +
      'письма.'
  },
  TOKEN_MISSING: { title: 'Вы не вошли', detail: () => 'Войдите и попробуйте ещё раз.' },
  TOKEN_INVALID: { title: 'Этот вход недействителен', detail: () => 'Войдите снова.' },
  TOKEN_EXPIRED: { title: 'Вход нужно продлить', detail: () => 'Обновите сеанс или войдите снова.' },
  CHALLENGE_INVALID: {
    title: 'Эта попытка завершена',
    detail: () => 'Начните сначала, и мы отправим новый код.'
  },
  REFRESH_TOKEN_INVALID: { title: 'Ваш сеанс завершён', detail: () => 'Войдите снова.' },
  REFRESH_TOKEN_REUSED: {
    title: 'Мы завершили ваш сеанс, чтобы вас защитить',
    detail: () => 'Его ключ использовали второй раз: возможно, кто-то его скопировал. Войдите снова.'
  },
  SESSION_ENDED: { title: 'Ваш сеанс завершён', detail: () => 'Войдите снова.' },
  SECOND_FACTOR_REQUIRED: { title: 'Ещё один шаг', detail: () => 'Введите отправленный код, чтобы завершить вход.' },
  REAUTHENTICATION_REQUIRED: { title: 'Подтвердите, что это вы', detail: () => 'Введите пароль ещё раз и повторите то, что делали.' },
  CAPTCHA_REQUIRED: {
    title: 'Сначала короткая проверка',
    detail: () => 'В последнее время попыток было много. Перед следующей ваш браузер должен решить небольшую задачу.'
  },
  FORBIDDEN: {
    title: 'Вам это не разрешено', detail: () => 'Вашей учётной записи не хватает прав. Если они нужны, обратитесь к администратору.'
  },
  ORIGIN_FORBIDDEN: { title: 'Этот запрос пришёл с другого сайта', detail: () => 'Откройте нашу страницу и попробуйте там.' },
  NOT_FOUND: { title: 'Здесь ничего нет', detail: () => 'Проверьте адрес.' },
  METHOD_NOT_ALLOWED: {
    title: 'К этому адресу обращаются иначе',
    detail: ({ allow }) => allow ? `Здесь разрешено: ${allow}.` : 'Проверьте метод запроса.'
  },
  CONFLICT: { title: 'Тем временем что-то изменилось', detail: () => 'Обновите страницу и попробуйте ещё раз.' },
  BODY_TOO_LARGE: { title: 'Запрос слишком большой', detail: () => 'Отправьте меньше данных за раз.' },
  MEDIA_TYPE_UNSUPPORTED: {
    title: 'Такой формат не принимаем', detail: () => 'Отправьте JSON с заголовком «Content-Type: application/json».'
  },
  EXPECTATION_FAILED: { title: 'Это ожидание нельзя выполнить', detail: () => 'Отправьте запрос без заголовка «Expect».' },
  OTP_ATTEMPTS_EXCEEDED: {
    title: 'Слишком много неверных кодов',
    detail: ({ retryAfterSeconds }) => `Чтобы защитить вашу учётную запись, мы пока не принимаем коды. ${tryAgain(retryAfterSeconds)}`
  },
  RESEND_TOO_EARLY: {
    title: 'Предыдущий код отправлен только что',
    detail: ({ retryAfterSeconds }) => retryAfterSeconds === undefined
      ? 'Подождите немного, прежде чем просить новый.'
      : `Запросить ещё один можно через ${wait(retryAfterSeconds)}.`
  },
  TOO_MANY_REQUESTS: { title: 'Слишком много попыток', detail: ({ retryAfterSeconds }) => tryAgain(retryAfterSeconds) },
  HEADERS_TOO_LARGE: {
    title: 'Ваш браузер отправляет слишком много файлов cookie',
    detail: () => 'Заголовки запроса больше 16 КиБ. Удалите файлы cookie этого сайта и попробуйте ещё раз.'
  },
  INTERNAL: {
    title: 'У нас что-то пошло не так', detail: () => 'Попробуйте ещё раз. Если это повторится, сообщите нам номер этого запроса.'
  },
  SERVICE_UNAVAILABLE: {
    title: 'Мы сейчас недоступны',
    detail: ({ retryAfterSeconds }) => 'Ничего не изменилось. ' +
    `${tryAgain(retryAfterSeconds)}`
  }
}
