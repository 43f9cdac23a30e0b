import type { Sentences } from '../en.ts'
import { pluralOf } from '../plural.ts'

const plural = pluralOf('uk')
const characters = (n: number): string => plural(n, '# символ', '# символи', '# символів')

const types: Record<string, string> = {
  string: 'текст',
  integer: 'ціле число',
  number: 'число',
  boolean: 'true або false',
  object: 'об’єкт',
  array: 'список'
}

export const validation: Sentences['validation'] = {
  required: (field) => `Бракує поля «${field}».`,
  additionalProperties: (field) => `Поле «${field}» тут зайве.`,
  type: (expected) => `Тут має бути: ${types[expected] ?? expected}.`,
  minLength: (n) => n <= 1 ? 'Це поле не може бути порожнім.' : `Потрібно щонайменше ${characters(n)}.`,
  maxLength: (n) => `Можна щонайбільше ${characters(n)}.`,
  pattern: 'Тут є недозволені символи або неправильний формат.',
  email: 'Введіть адресу електронної пошти, наприклад name@example.com.',
  enum: (values) => `Допустимі значення: ${values.join(', ')}.`,
  json: 'Запит не є правильним JSON.',
  other: 'Це значення не підходить.',
  passwordTooShort: (n) => `Потрібно щонайменше ${characters(n)}.`,
  passwordTooLong: (n) => `Можна щонайбільше ${characters(n)}.`,
  passwordCommon: 'Це один із паролів, які пробують першими. Оберіть інший.',
  passwordPersonal: 'Не використовуйте в паролі своє ім’я, адресу чи назву цього сервісу.',
  passwordGuessable: 'Цей пароль надто легко вгадати. Додайте кілька не пов’язаних між собою слів.',
  passwordLeaked: 'Цей пароль відомий з витоку даних. Оберіть такий, якого не маєте більше ніде.'
}
