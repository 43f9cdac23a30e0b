import { pluralOf } from '../plural.ts'
import type { AllProblemWords } from '../problem-words.ts'
import { soon } from './wait.ts'

const plural = pluralOf('uk')

const guess = (left: number | undefined): string => {
  if (left === undefined) return 'Знайдіть найновіший код і спробуйте ще раз.'
  if (left === 0) return 'Це була остання спроба. Почніть спочатку, і ми надішлемо новий код.'
  return 'Знайдіть найновіший код і спробуйте ще раз. ' +
    `${plural(left, 'Залишилася # спроба.', 'Залишилося # спроби.', 'Залишилося # спроб.')}`
}

export const problems: AllProblemWords = {
  VALIDATION_FAILED: { title: 'Дещо заповнено неправильно', next: () => 'Виправте позначені поля і надішліть ще раз.' },
  OTP_INVALID: { title: 'Це не той код', next: ({ attemptsLeft }) => guess(attemptsLeft) },
  OTP_EXPIRED: { title: 'Термін дії цього коду минув', next: () => 'Попросіть новий: він надійде за мить. Спробу за це не знято.' },
  PASSWORD_WEAK: { title: 'Цей пароль надто легко вгадати', next: () => 'Оберіть довший або менш поширений.' },
  CREDENTIALS_INVALID: {
    title: 'Неправильна пошта або пароль',
    next: () => 'Перевірте їх і спробуйте ще раз. Щойно зареєструвалися? Спершу підтвердьте адресу кодом із нашого листа.'
  },
  TOKEN_MISSING: { title: 'Ви не ввійшли', next: () => 'Увійдіть, щоб продовжити.' },
  TOKEN_INVALID: { title: 'Цей вхід більше не дійсний', next: () => 'Увійдіть знову.' },
  TOKEN_EXPIRED: { title: 'Час вашого входу минув', next: () => 'Увійдіть знову.' },
  CHALLENGE_INVALID: { title: 'Цю спробу завершено', next: () => 'Почніть спочатку, і ми надішлемо новий код.' },
  REFRESH_TOKEN_INVALID: { title: 'Ваш сеанс завершено', next: () => 'Увійдіть знову.' },
  REFRESH_TOKEN_REUSED: {
    title: 'Ми завершили ваш сеанс, щоб вас захистити',
    next: () => 'Його ключ використали двічі: можливо, хтось його скопіював. Увійдіть знову і перегляньте свої сеанси.'
  },
  SESSION_ENDED: { title: 'Ваш сеанс завершено', next: () => 'Його завершили з іншого пристрою, або минув його час. Увійдіть знову.' },
  SECOND_FACTOR_REQUIRED: { title: 'Ще один крок', next: () => 'Введіть код, щоб завершити вхід.' },
  REAUTHENTICATION_REQUIRED: { title: 'Підтвердьте, що це ви', next: () => 'Введіть пароль ще раз і повторіть дію.' },
  CAPTCHA_REQUIRED: {
    title: 'Коротку перевірку не завершено',
    next: () => 'Останнім часом спроб було багато, тож ваш браузер має розв’язати невелику задачу. Надішліть ще раз і не закривайте ' +
      'сторінку.'
  },
  FORBIDDEN: { title: 'Вам це не дозволено', next: () => 'Якщо це потрібно, зверніться до адміністратора.' },
  ORIGIN_FORBIDDEN: {
    title: 'Сторінку відкрито за іншою адресою',
    next: () => 'Відкрийте сайт за його звичайною адресою і спробуйте там.'
  },
  NOT_FOUND: { title: 'Цього тут більше немає', next: () => 'Оновіть сторінку, щоб побачити, як усе є зараз.' },
  METHOD_NOT_ALLOWED: { title: 'Сторінка і сервер не розуміють одне одного', next: () => 'Оновіть сторінку і спробуйте ще раз.' },
  CONFLICT: { title: 'Тим часом дещо змінилося', next: () => 'Оновіть сторінку і спробуйте ще раз.' },
  BODY_TOO_LARGE: { title: 'Це забагато за один раз', next: () => 'Скоротіть написане і надішліть ще раз.' },
  MEDIA_TYPE_UNSUPPORTED: { title: 'Сторінка і сервер не розуміють одне одного', next: () => 'Оновіть сторінку і спробуйте ще раз.' },
  EXPECTATION_FAILED: { title: 'Сторінка і сервер не розуміють одне одного', next: () => 'Оновіть сторінку і спробуйте ще раз.' },
  HEADERS_TOO_LARGE: { title: 'Ваш браузер надсилає забагато файлів cookie', next: () => 'Видаліть файли cookie цього сайту в налаштуваннях браузера та оновіть сторінку.' },
  OTP_ATTEMPTS_EXCEEDED: {
    title: 'Забагато неправильних кодів',
    next: ({ retryAfterSeconds }) => `Щоб захистити ваш обліковий запис, ми поки не приймаємо кодів. ${soon(retryAfterSeconds)}`
  },
  RESEND_TOO_EARLY: { title: 'Попередній код надіслано щойно', next: ({ retryAfterSeconds }) => soon(retryAfterSeconds) },
  TOO_MANY_REQUESTS: { title: 'Забагато спроб', next: ({ retryAfterSeconds }) => soon(retryAfterSeconds) },
  INTERNAL: { title: 'У нас щось пішло не так', next: () => 'Усе, що ви ввели, на місці. Спробуйте ще раз за мить.' },
  SERVICE_UNAVAILABLE: {
    title: 'Ми ненадовго недоступні',
    next: ({ retryAfterSeconds }) => `Усе, що ви ввели, на місці. ${soon(retryAfterSeconds)}`
  },
  NETWORK: { title: 'Немає з’єднання', next: () => 'Усе, що ви ввели, на місці. Перевірте мережу і спробуйте ще раз.' }
}
