import t from 'tap'
import { PROBLEMS, type ProblemCode } from '../../src/errors.ts'
import { LOCALES, sentences, type Locale } from '../../src/platform/locales/index.ts'
import { shaped } from '../support/shapes.ts'

const codes = shaped<ProblemCode[]>(Object.keys(PROBLEMS))
const CYRILLIC = /\p{Script=Cyrillic}/u

/** Every text of a tree of sentences; functions are asked with plain facts. */
function textsOf (node: unknown, path = ''): Array<[path: string, text: string]> {
  if (typeof node === 'string') return [[path, node]]
  if (Array.isArray(node)) return node.flatMap((one, at) => textsOf(one, `${path}/${at}`))
  if (typeof node === 'object' && node !== null) return Object.entries(node).flatMap(([key, value]) => textsOf(value, `${path}/${key}`))
  return []
}

t.test('every refusal has a title and a detail that says something, in all three languages', async (t) => {
  for (const locale of LOCALES) {
    const { problems } = sentences(locale)
    t.same(Object.keys(problems).sort(), [...codes].sort(), `${locale} knows exactly the codes of the API`)
    for (const code of codes) {
      for (const facts of [{}, { retryAfterSeconds: 42, attemptsLeft: 3, allow: 'GET' }]) {
        const detail = problems[code].detail(facts)
        t.match(detail, /^\p{Lu}.*[.]$/u, `${locale} ${code} is a sentence`)
        t.notMatch(detail, /undefined|NaN|#|\$\{/, `${locale} ${code} has no hole`)
      }
      t.notMatch(problems[code].title, /[.]$/, `${locale} ${code} has a title, not a sentence`)
    }
  }
})

t.test('Ukrainian and Russian are written in their own alphabets throughout', async (t) => {
  const foreign: Record<'uk' | 'ru', RegExp> = { uk: /[ыэёъ]/i, ru: /[іїєґ]/i }
  for (const locale of ['uk', 'ru'] as const) {
    const { mails, languageName, ...rest } = sentences(locale)
    for (const [path, text] of textsOf({
      ...rest,
      greeting: mails.greetingWithoutName,
      tell: mails.tellNobody,
      automatic: mails.automatic
    })) {
      t.match(text, CYRILLIC, `${locale}${path}`)
      t.notMatch(text, foreign[locale], `${locale}${path} has no letter of the other language`)
    }
    for (const code of codes) {
      t.notMatch(rest.problems[code].detail({ attemptsLeft: 2, retryAfterSeconds: 5 }), foreign[locale], `${locale} ${code}`)
    }
  }
})

t.test('numbers and words agree', async (t) => {
  const wait = (locale: Locale, retryAfterSeconds: number): string =>
    sentences(locale).problems.RESEND_TOO_EARLY.detail({ retryAfterSeconds })
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

  const left = (locale: Locale, attemptsLeft: number): string => sentences(locale).problems.OTP_INVALID.detail({ attemptsLeft })
  t.match(left('en', 1), /\b1 attempt left/)
  t.match(left('en', 4), /\b4 attempts left/)
  t.match(left('uk', 1), 'Залишилася 1 спроба.')
  t.match(left('uk', 3), 'Залишилося 3 спроби.')
  t.match(left('uk', 5), 'Залишилося 5 спроб.')
  t.match(left('ru', 1), 'Осталась 1 попытка.')
  t.match(left('ru', 2), 'Осталось 2 попытки.')
  t.match(left('ru', 5), 'Осталось 5 попыток.')
  for (const locale of LOCALES) t.notMatch(left(locale, 0), /\b0\b/, `${locale} says what to do when none is left`)
})

t.test('a wait is never told shorter than it is', async (t) => {
  const unit: Record<string, number> = { second: 1, minute: 60, hour: 3600 }
  for (let seconds = 1; seconds < 100_000; seconds += 37) {
    const [, n = '', name = ''] =
      /(\d+) (second|minute|hour)/.exec(sentences('en').problems.TOO_MANY_REQUESTS.detail({ retryAfterSeconds: seconds })) ?? []
    if (Number(n) * (unit[name] ?? 0) < seconds) t.fail(`${seconds} s are told as ${n} ${name}`)
  }
})

t.test('a refused login does not say which part was wrong', async (t) => {
  for (const locale of LOCALES) {
    const { title } = sentences(locale).problems.CREDENTIALS_INVALID
    t.match(title, / (or|або|или) /, title)
  }
})

t.test('fields are explained by keyword', async (t) => {
  t.equal(sentences('en').validation.required('email'), '“email” is missing.')
  t.equal(sentences('uk').validation.minLength(8), 'Потрібно щонайменше 8 символів.')
  t.equal(sentences('uk').validation.minLength(2), 'Потрібно щонайменше 2 символи.')
  t.equal(sentences('ru').validation.maxLength(100), 'Максимальная длина: 100 символов.')
  for (const locale of LOCALES) {
    const { validation } = sentences(locale)
    for (const type of ['string', 'integer', 'number', 'boolean', 'object', 'array']) {
      if (locale !== 'en' && type !== 'boolean') t.notMatch(validation.type(type), type, `${locale} translates ${type}`)
    }
    t.match(validation.enum(['uk', 'ru']), 'uk, ru')
    t.notMatch(validation.minLength(1), /1/, `${locale} says “empty”, not “1 character”`)
  }
})
