import type { Sentences } from '../locales/index.ts'
import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH, type PasswordRefusal } from './policy.ts'

/** Why a new password was refused, in the reader's language. */
export function refusalMessage ({ reason, minLength }: PasswordRefusal, say: Sentences['validation']): string {
  if (reason === 'passwordTooShort') return say.passwordTooShort(minLength ?? MIN_PASSWORD_LENGTH.withSecondStep)
  if (reason === 'passwordTooLong') return say.passwordTooLong(MAX_PASSWORD_LENGTH)
  return say[reason]
}
