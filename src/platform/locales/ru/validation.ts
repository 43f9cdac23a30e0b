import type { Sentences } from '../en.ts'
import { pluralOf } from '../plural.ts'

const plural = pluralOf('ru')
const characters = (n: number): string => plural(n, '# символ', '# символа', '# символов')

const types: Record<string, string> = {
  string: 'текст',
  integer: 'целое число',
  number: 'число',
  boolean: 'true или false',
  object: 'объект',
  array: 'список'
}

export const validation: Sentences['validation'] = {
  required: (field) => `Не хватает поля «${field}».`,
  additionalProperties: (field) => `Поле «${field}» здесь лишнее.`,
  type: (expected) => `Здесь должно быть: ${types[expected] ?? expected}.`,
  minLength: (n) => n <= 1 ? 'Это поле не может быть пустым.' : `Минимальная длина: ${characters(n)}.`,
  maxLength: (n) => `Максимальная длина: ${characters(n)}.`,
  pattern: 'Здесь есть недопустимые символы или неверный формат.',
  email: 'Введите адрес электронной почты, например name@example.com.',
  enum: (values) => `Допустимые значения: ${values.join(', ')}.`,
  json: 'Запрос не является правильным JSON.',
  other: 'Это значение не подходит.',
  passwordTooShort: (n) => `Минимальная длина: ${characters(n)}.`,
  passwordTooLong: (n) => `Максимальная длина: ${characters(n)}.`,
  passwordCommon: 'Это один из паролей, которые пробуют первыми. Выберите другой.',
  passwordPersonal: 'Не используйте в пароле своё имя, адрес или название этого сервиса.',
  passwordGuessable: 'Этот пароль слишком легко угадать. Добавьте несколько не связанных между собой слов.',
  passwordLeaked: 'Этот пароль известен из утечки данных. Выберите такой, которого у вас больше нигде нет.'
}
