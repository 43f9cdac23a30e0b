import type { ProblemSentences } from '../problem-sentences.ts'
import { pluralOf, waitOf } from '../plural.ts'

const plural = pluralOf('uk')
// Accusative, as after «через».
const wait = waitOf({
  seconds: (n) => plural(n, '# секунду', '# секунди', '# секунд'),
  minutes: (n) => plural(n, '# хвилину', '# хвилини', '# хвилин'),
  hours: (n) => plural(n, '# годину', '# години', '# годин')
})

const tryAgain = (seconds: number | undefined): string =>
  seconds === undefined ? 'Спробуйте ще раз трохи згодом.' : `Спробуйте ще раз через ${wait(seconds)}.`

const attempts = (left: number | undefined): string => {
  if (left === undefined) return 'Перевірте останній лист і спробуйте ще раз.'
  if (left === 0) return 'Це була остання спроба. Почніть спочатку, і ми надішлемо новий код.'
  return 'Перевірте останній лист і спробуйте ще раз. ' +
    `${plural(left, 'Залишилася # спроба.', 'Залишилося # спроби.', 'Залишилося # спроб.')}`
}

export const problems: ProblemSentences = {
  VALIDATION_FAILED: {
    title: 'Дещо заповнено неправильно',
    detail: () => 'Виправте вказані поля і надішліть ще раз.'
  },
  OTP_INVALID: { title: 'Код неправильний', detail: ({ attemptsLeft }) => attempts(attemptsLeft) },
  OTP_EXPIRED: { title: 'Термін дії коду минув', detail: () => 'Попросіть новий код: лист надійде за мить.' },
  PASSWORD_WEAK: { title: 'Цей пароль надто легко вгадати', detail: () => 'Оберіть довший або менш поширений.' },
  CREDENTIALS_INVALID: {
    title: 'Неправильна адреса або пароль',
    detail: () => 'Перевірте їх і спробуйте ще раз. Якщо ви щойно зареєструвалися, спершу підтвердьте адресу кодом із нашого листа.'
  },
  TOKEN_MISSING: { title: 'Ви не ввійшли', detail: () => 'Увійдіть і спробуйте ще раз.' },
  TOKEN_INVALID: { title: 'Цей вхід недійсний', detail: () => 'Увійдіть знову.' },
  TOKEN_EXPIRED: { title: 'Вхід потрібно поновити', detail: () => 'Поновіть сеанс або ввійдіть знову.' },
  CHALLENGE_INVALID: {
    title: 'Цю спробу завершено',
    detail: () => 'Почніть спочатку, і ми надішлемо новий код.'
  },
  REFRESH_TOKEN_INVALID: { title: 'Ваш сеанс завершено', detail: () => 'Увійдіть знову.' },
  REFRESH_TOKEN_REUSED: {
    title: 'Ми завершили ваш сеанс, щоб вас захистити',
    detail: () => 'Його ключ використали вдруге: можливо, хтось його скопіював. Увійдіть знову.'
  },
  SESSION_ENDED: { title: 'Ваш сеанс завершено', detail: () => 'Увійдіть знову.' },
  SECOND_FACTOR_REQUIRED: { title: 'Ще один крок', detail: () => 'Введіть надісланий код, щоб завершити вхід.' },
  REAUTHENTICATION_REQUIRED: { title: 'Підтвердьте, що це ви', detail: () => 'Введіть пароль ще раз і повторіть те, що робили.' },
  CAPTCHA_REQUIRED: {
    title: 'Спершу коротка перевірка',
    detail: () => 'Останнім часом спроб було багато. Перед наступною ваш браузер має розв’язати невелику задачу.'
  },
  FORBIDDEN: {
    title: 'Вам це не дозволено', detail: () => 'Вашому обліковому запису бракує прав. Якщо вони потрібні, зверніться до адміністратора.'
  },
  ORIGIN_FORBIDDEN: { title: 'Цей запит надійшов з іншого сайту', detail: () => 'Відкрийте нашу сторінку і спробуйте там.' },
  NOT_FOUND: { title: 'Тут нічого немає', detail: () => 'Перевірте адресу.' },
  METHOD_NOT_ALLOWED: {
    title: 'До цієї адреси звертаються інакше',
    detail: ({ allow }) => allow ? `Тут дозволено: ${allow}.` : 'Перевірте метод запиту.'
  },
  CONFLICT: { title: 'Тим часом дещо змінилося', detail: () => 'Оновіть сторінку і спробуйте ще раз.' },
  BODY_TOO_LARGE: { title: 'Запит завеликий', detail: () => 'Надішліть менше даних за раз.' },
  MEDIA_TYPE_UNSUPPORTED: {
    title: 'Такий формат не приймаємо', detail: () => 'Надішліть JSON із заголовком «Content-Type: application/json».'
  },
  EXPECTATION_FAILED: { title: 'Цього очікування виконати не можна', detail: () => 'Надішліть запит без заголовка «Expect».' },
  OTP_ATTEMPTS_EXCEEDED: {
    title: 'Забагато неправильних кодів',
    detail: ({ retryAfterSeconds }) => `Щоб захистити ваш обліковий запис, ми поки не приймаємо кодів. ${tryAgain(retryAfterSeconds)}`
  },
  RESEND_TOO_EARLY: {
    title: 'Попередній код надіслано щойно',
    detail: ({ retryAfterSeconds }) => retryAfterSeconds === undefined
      ? 'Зачекайте трохи, перш ніж просити новий.'
      : `Попросити ще один можна через ${wait(retryAfterSeconds)}.`
  },
  TOO_MANY_REQUESTS: { title: 'Забагато спроб', detail: ({ retryAfterSeconds }) => tryAgain(retryAfterSeconds) },
  HEADERS_TOO_LARGE: {
    title: 'Ваш браузер надсилає забагато файлів cookie',
    detail: () => 'Заголовки запиту більші за 16 КіБ. Видаліть файли cookie цього сайту та спробуйте ще раз.'
  },
  INTERNAL: { title: 'У нас щось пішло не так', detail: () => 'Спробуйте ще раз. Якщо це повториться, повідомте нам номер цього запиту.' },
  SERVICE_UNAVAILABLE: {
    title: 'Ми зараз недоступні',
    detail: ({ retryAfterSeconds }) => 'Нічого не змінилося. ' +
    `${tryAgain(retryAfterSeconds)}`
  }
}
