import otpGenerator from 'otp-generator'
import { mac, type Keyring } from '../../platform/keyring.ts'

/** A one-time code of digits. The generator never starts one with 0: 900,000 codes of six digits. */
export const newCode = (length: number): string =>
  otpGenerator.generate(length, { digits: true, lowerCaseAlphabets: false, upperCaseAlphabets: false, specialChars: false })

/** What is kept of a code: sealed, so that the same one can be mailed again, and as a MAC, so that Redis can judge a typed one. */
export function keepCode (keyring: Keyring, attemptId: string, code: string): { codeMac: string, codeSealed: string } {
  return { codeMac: codeMac(keyring.current, attemptId, code), codeSealed: keyring.seal(code, codeContext(attemptId)) }
}

/** The MACs under which a typed code may have been kept: one for each SECRET in use. */
export const codeCandidates = (keyring: Keyring, attemptId: string, typed: string): string =>
  keyring.all.map((keys) => codeMac(keys, attemptId, typed)).join(' ')

export const openCode = (keyring: Keyring, attemptId: string, sealed: string): string | null =>
  keyring.unseal(sealed, codeContext(attemptId))

/** The address of an attempt that belongs to no account: sealed, because it outlives the account that may have been deleted meanwhile. */
export const keepEmail = (keyring: Keyring, attemptId: string, email: string): string => keyring.seal(email, emailContext(attemptId))

export const openEmail = (keyring: Keyring, attemptId: string, sealed: string): string | null =>
  keyring.unseal(sealed, emailContext(attemptId))

const emailContext = (attemptId: string): string => `email ${attemptId}`
const codeContext = (attemptId: string): string => `code ${attemptId}`
const codeMac = (keys: Keyring['current'], attemptId: string, code: string): string => keys.id + mac(keys.code, `${attemptId} ${code}`, 24)
