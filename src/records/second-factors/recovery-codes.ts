import { randomBytes } from 'node:crypto'
import { hashToken } from '../../platform/ids.ts'
import { plainCode } from '../challenges/challenge.ts'

const SET_SIZE = 10
const LETTERS = 16
/** RFC 4648 base32: no 0, 1, 8 or 9 to be taken for a letter. 32 divides 256, so every letter is equally likely. */
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567'

/** Ten codes of 80 random bits, as they are shown: `xxxx-xxxx-xxxx-xxxx`. */
export const newRecoveryCodes = (): string[] => Array.from({ length: SET_SIZE }, newRecoveryCode)

function newRecoveryCode (): string {
  const letters = Array.from(randomBytes(LETTERS), (byte) => ALPHABET[byte % ALPHABET.length]).join('')
  return letters.replace(/.{4}(?=.)/g, '$&-')
}

/** What is kept of a code. 80 random bits cannot be guessed back, so it needs no key and no slow hash. */
export const hashRecoveryCode = (typed: string): string => hashToken(plainCode(typed).toUpperCase())
