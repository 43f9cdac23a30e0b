import { pluralOf } from '../plural.ts'

const plural = pluralOf('en')

const types: Record<string, string> = {
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  object: 'an object',
  array: 'a list'
}

/** Sentences about one field of a body, by the keyword of the JSON schema that it breaks. */
export const validation = {
  required: (field: string): string => `“${field}” is missing.`,
  additionalProperties: (field: string): string => `“${field}” is not expected here.`,
  type: (expected: string): string => `Must be ${types[expected] ?? expected}.`,
  minLength: (n: number): string => n <= 1 ? 'Must not be empty.' : `Must be at least ${plural(n, '# character', '# characters')} long.`,
  maxLength: (n: number): string => `Must be at most ${plural(n, '# character', '# characters')} long.`,
  pattern: 'Contains characters that are not allowed here, or is not in the right form.',
  email: 'Enter an e-mail address, like name@example.com.',
  enum: (values: readonly string[]): string => `Must be one of: ${values.join(', ')}.`,
  json: 'The request is not valid JSON.',
  other: 'This value is not accepted.',
  passwordTooShort: (n: number): string => `Use at least ${plural(n, '# character', '# characters')}.`,
  passwordTooLong: (n: number): string => `Use at most ${plural(n, '# character', '# characters')}.`,
  passwordCommon: 'This is one of the passwords that are tried first. Choose another one.',
  passwordPersonal: 'Leave your name, your address and the name of this service out of the password.',
  passwordGuessable: 'This password is too easy to guess. Add a few unrelated words.',
  passwordLeaked: 'This password is known from a data leak. Choose one you use nowhere else.'
}
