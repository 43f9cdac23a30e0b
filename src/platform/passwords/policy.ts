import { isCommonPassword } from './common.ts'
import { isMadeOfOwnWords, ownWordsIn } from './own-words.ts'
import type { PasswordPool } from './pool.ts'

/** NIST SP 800-63B-4, 3.1.1.2: 8 characters beside a second factor, 15 alone. */
export const MIN_PASSWORD_LENGTH = { withSecondStep: 8, alone: 15 } as const
export const MAX_PASSWORD_LENGTH = 256

// Under a million guesses: in reach of somebody who spreads guesses over many sources and months, slowed down as they are.
const LOWEST_ACCEPTED_SCORE = 2

export type PasswordFault =
  | 'passwordTooShort' | 'passwordTooLong' | 'passwordPersonal' | 'passwordCommon' | 'passwordGuessable' | 'passwordLeaked'

export interface PasswordRefusal {
  reason: PasswordFault
  /** With passwordTooShort: how many characters are asked. */
  minLength?: number
}

export interface PasswordRules {
  minLength: number
  /** The account's address and name, as they are; words are found in them. */
  ownWords: string[]
}

export interface PasswordPolicy {
  /**
   * Why a new password is not good enough, or null. Characters are code points after NFC; any are allowed, none are asked
   * for. May throw PasswordPoolBusyError.
   */
  assessPassword (password: string, rules: PasswordRules): Promise<PasswordRefusal | null>
}

interface PolicyOptions {
  pool: Pick<PasswordPool, 'estimate'>
  /** An online check, where the operator wants one. */
  isLeaked?: ((password: string) => Promise<boolean>) | undefined
  /** What everybody here would think of, such as the name of the service. */
  contextWords?: readonly string[]
}

export const createPasswordPolicy = ({ pool, isLeaked, contextWords = [] }: PolicyOptions): PasswordPolicy => ({
  async assessPassword (password, { minLength, ownWords }) {
    const length = Array.from(password.normalize('NFC')).length
    if (length < minLength) return { reason: 'passwordTooShort', minLength }
    if (length > MAX_PASSWORD_LENGTH) return { reason: 'passwordTooLong' }
    const texts = [...ownWords, ...contextWords]
    const words = ownWordsIn(texts)
    if (isMadeOfOwnWords(password, words, texts)) return { reason: 'passwordPersonal' }
    if (await isCommonPassword(password)) return { reason: 'passwordCommon' }
    if (await pool.estimate(password, words) < LOWEST_ACCEPTED_SCORE) return { reason: 'passwordGuessable' }
    return await isLeaked?.(password) ? { reason: 'passwordLeaked' } : null
  }
})
