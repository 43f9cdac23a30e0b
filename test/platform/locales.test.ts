import { readFileSync } from 'node:fs'
import t from 'tap'
import { Problem, PROBLEMS, type ProblemCode } from '../../src/errors.ts'
import { detailOf, problemDocument } from '../../src/platform/http/problem-document.ts'
import { mistakesIn } from '../../src/platform/locales/check-texts.ts'
import { type Locale, sentences, SHIPPED_LOCALES, shippedMessages } from '../../src/platform/locales/index.ts'
import { shaped } from '../support/shapes.ts'
import { TEXT_ARGS_FILE, textArgs } from '../support/text-args.ts'

const codes = shaped<ProblemCode[]>(Object.keys(PROBLEMS))
const detail = (locale: Locale, code: ProblemCode, facts: object = {}): string => detailOf({ code, facts }, sentences(locale))
const CYRILLIC = /\p{Script=Cyrillic}/u

t.test('every refusal has a title and a detail that says something, in all three languages', async (t) => {
  for (const locale of SHIPPED_LOCALES) {
    const { problems } = sentences(locale)
    t.same(Object.keys(problems).sort(), [...codes].sort(), `${locale} knows exactly the codes of the API`)
    for (const code of codes) {
      for (const facts of [{}, { retryAfterSeconds: 42, attemptsLeft: 3, allow: 'GET' }]) {
        const told = detail(locale, code, facts)
        t.match(told, /^\p{Lu}.*[.]$/u, `${locale} ${code} is a sentence`)
        t.notMatch(told, /undefined|NaN|#|\$\{/, `${locale} ${code} has no hole`)
      }
      t.notMatch(problems[code].title, /[.]$/, `${locale} ${code} has a title, not a sentence`)
    }
  }
})

t.test('each language has the sentences of all others, with the same placeholders and all of its plural forms', async (t) => {
  const english = shippedMessages('en')
  t.ok(Object.keys(english).length > 500, 'of the whole product')
  for (const locale of SHIPPED_LOCALES) t.strictSame(mistakesIn(locale, shippedMessages(locale), english, false), [], locale)
})

t.test('the types of the placeholders are those of the English sentences', async (t) => {
  t.equal(readFileSync(TEXT_ARGS_FILE, 'utf8'), textArgs(), 'npm run texts:args makes them anew')
})

t.test('Ukrainian and Russian are written in their own alphabets throughout', async (t) => {
  const foreign: Record<'uk' | 'ru', RegExp> = { uk: /[ыэёъ]/i, ru: /[іїєґ]/i }
  const withoutLetters = new Set(['language.dates', 'problems.TOO_MANY_REQUESTS.detail', 'pages.problems.TOO_MANY_REQUESTS.next',
    'pages.problems.RESEND_TOO_EARLY.next'])
  for (const locale of ['uk', 'ru'] as const) {
    for (const [key, text] of Object.entries(shippedMessages(locale)).filter(([key]) => !withoutLetters.has(key))) {
      t.match(text, CYRILLIC, `${locale} ${key}`)
      t.notMatch(text, foreign[locale], `${locale} ${key} has no letter of the other language`)
    }
  }
})

t.test('numbers and words agree', async (t) => {
  const wait = (locale: Locale, retryAfterSeconds: number): string =>
    detail(locale, 'RESEND_TOO_EARLY', { retryAfterSeconds })
  const expected: Array<[Locale, number, string]> = [
    ['en', 1, '1 second.'],
    ['en', 2, '2 seconds.'],
    ['en', 60, '60 seconds.'],
    ['en', 121, '3 minutes.'],
    ['en', 7201, '3 hours.'],
    ['uk', 1, '1 секунду.'],
    ['uk', 2, '2 секунди.'],
    ['uk', 5, '5 секунд.'],
    ['uk', 11, '11 секунд.'],
    ['uk', 21, '21 секунду.'],
    ['uk', 42, '42 секунди.'],
    ['uk', 1260, '21 хвилину.'],
    ['uk', 4 * 3600, '4 години.'],
    ['uk', 24 * 3600, '24 години.'],
    ['ru', 1, '1 секунду.'],
    ['ru', 3, '3 секунды.'],
    ['ru', 12, '12 секунд.'],
    ['ru', 31, '31 секунду.'],
    ['ru', 180, '3 минуты.'],
    ['ru', 20 * 3600, '20 часов.']
  ]
  for (const [locale, seconds, end] of expected) {
    t.ok(wait(locale, seconds).endsWith(` ${end}`), `${locale} ${seconds}: ${wait(locale, seconds)}`)
  }

  const left = (locale: Locale, attemptsLeft: number): string => detail(locale, 'OTP_INVALID', { attemptsLeft })
  t.match(left('en', 1), /\b1 attempt left/)
  t.match(left('en', 4), /\b4 attempts left/)
  t.match(left('uk', 1), 'Залишилася 1 спроба.')
  t.match(left('uk', 3), 'Залишилося 3 спроби.')
  t.match(left('uk', 5), 'Залишилося 5 спроб.')
  t.match(left('ru', 1), 'Осталась 1 попытка.')
  t.match(left('ru', 2), 'Осталось 2 попытки.')
  t.match(left('ru', 5), 'Осталось 5 попыток.')
  for (const locale of SHIPPED_LOCALES) t.notMatch(left(locale, 0), /\b0\b/, `${locale} says what to do when none is left`)
})

t.test('a wait is never told shorter than it is', async (t) => {
  const unit: Record<string, number> = { second: 1, minute: 60, hour: 3600 }
  for (let seconds = 1; seconds < 100_000; seconds += 37) {
    const [, n = '', name = ''] =
      /(\d+) (second|minute|hour)/.exec(detail('en', 'TOO_MANY_REQUESTS', { retryAfterSeconds: seconds })) ?? []
    if (Number(n) * (unit[name] ?? 0) < seconds) t.fail(`${seconds} s are told as ${n} ${name}`)
  }
})

t.test('a refused login does not say which part was wrong', async (t) => {
  for (const locale of SHIPPED_LOCALES) {
    const { title } = sentences(locale).problems.CREDENTIALS_INVALID
    t.match(title, / (or|або|или) /, title)
  }
})

t.test('fields are explained by keyword', async (t) => {
  const field = (locale: Locale, reason: string, value?: string | number): string => {
    const { errors: [told] = [] } = problemDocument(new Problem('VALIDATION_FAILED', {
      errors: [{ path: '/field', reason, ...value === undefined ? {} : { value } }]
    }), locale, 'request')
    return told?.message ?? ''
  }
  t.equal(field('en', 'required', 'email'), '“email” is missing.')
  t.equal(field('uk', 'minLength', 8), 'Потрібно щонайменше 8 символів.')
  t.equal(field('uk', 'minLength', 2), 'Потрібно щонайменше 2 символи.')
  t.equal(field('ru', 'maxLength', 100), 'Максимальная длина: 100 символов.')
  for (const locale of SHIPPED_LOCALES) {
    for (const type of ['string', 'integer', 'number', 'boolean', 'object', 'array']) {
      if (locale !== 'en' && type !== 'boolean') t.notMatch(field(locale, 'type', type), type, `${locale} translates ${type}`)
    }
    t.match(field(locale, 'locale'), 'en, uk, ru')
    t.notMatch(field(locale, 'minLength', 1), /1/, `${locale} says “empty”, not “1 character”`)
  }
})
