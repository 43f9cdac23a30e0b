import { Problem } from '../errors.ts'
import type { PasswordHasher } from '../platform/passwords/hash.ts'
import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH, type PasswordPolicy } from '../platform/passwords/policy.ts'
import type { NewPassword } from '../records/accounts/credentials-store.ts'

interface Owner { email: string, name: string, isTwoFactorEnabled: boolean }

/** Passwords that people choose. */
export interface NewPasswords {
  /** Refuses a password that is too weak for this owner, at `path` of the body. @throws Problem PASSWORD_WEAK */
  requireStrong: (path: string, password: string, owner: Owner) => Promise<void>
  hash: (password: string) => Promise<NewPassword>
}

export function createNewPasswords (
  { passwords, isTwoFactorRequired }: { passwords: PasswordHasher & PasswordPolicy, isTwoFactorRequired: boolean }
): NewPasswords {
  return {
    requireStrong: async (path, password, { email, name, isTwoFactorEnabled }) => {
      const minLength = isTwoFactorEnabled || isTwoFactorRequired ? MIN_PASSWORD_LENGTH.withSecondStep : MIN_PASSWORD_LENGTH.alone
      const refused = await passwords.assessPassword(password, { minLength, ownWords: [email, name] })
      if (refused) throw new Problem('PASSWORD_WEAK', { errors: [weakAt(path, refused)] })
    },

    hash: async (password) => ({
      record: await passwords.hash(password),
      isLong: Array.from(password.normalize('NFC')).length >= MIN_PASSWORD_LENGTH.alone
    })
  }
}

const weakAt = (path: string, refused: { reason: string, minLength?: number }) => ({ path, reason: refused.reason, ...valueOf(refused) })

function valueOf ({ reason, minLength = MIN_PASSWORD_LENGTH.withSecondStep }: { reason: string, minLength?: number }): { value?: number } {
  if (reason === 'passwordTooShort') return { value: minLength }
  return reason === 'passwordTooLong' ? { value: MAX_PASSWORD_LENGTH } : {}
}
