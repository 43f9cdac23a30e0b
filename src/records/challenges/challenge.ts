import otpGenerator from 'otp-generator'
import { type Keyring, mac } from '../../platform/keyring.ts'

/** What an attempt is for. Each opens only its own routes. */
export type Purpose = 'login' | 'sign-up' | 'reset' | 'reauth' | 'email-change' | 'phone' | 'passkey'

const METHODS = ['passkey', 'email', 'totp', 'sms', 'recovery_code'] as const

/** How an attempt can be finished. */
export type Method = typeof METHODS[number]

export const toMethod = (name: string): Method => METHODS.find((method) => method === name) ?? 'email'

/** How a code travels. */
export type Channel = 'email' | 'sms'

/**
 * Names a challenge and says where it is kept: with its account, or with an address that nobody has proven yet (sign-up, reset). A
 * sign-in by a passkey alone is kept nowhere: nobody knows yet whose it is.
 */
export interface ChallengeRef {
  purpose: Purpose
  /** Account id or address tag, 22 characters either way; of a passkey's a random one. */
  ownerKey: string
  attemptId: string
}

/** A challenge as its pending token names it. */
export interface PendingChallenge extends ChallengeRef { method: Method }

const CONTEXT = 'cid'
const ID_LENGTH = 22
const LETTERS: Record<Purpose, string> = {
  login: 'l', 'sign-up': 's', reset: 'r', reauth: 'a', 'email-change': 'e', phone: 'p', passkey: 'k'
}

/** The `cid` claim: sealed, so a pending token tells no account id, and always of one length. */
export const sealChallengeRef = (keyring: Keyring, challenge: ChallengeRef): string =>
  keyring.seal(LETTERS[challenge.purpose] + challenge.ownerKey + challenge.attemptId, CONTEXT)

export function openChallengeRef (keyring: Keyring, cid: string, claimedPurpose: string): ChallengeRef | null {
  const opened = keyring.unseal(cid, CONTEXT)
  if (opened?.length !== 1 + 2 * ID_LENGTH || !isPurpose(claimedPurpose) || LETTERS[claimedPurpose] !== opened[0]) return null
  return { purpose: claimedPurpose, ownerKey: opened.slice(1, 1 + ID_LENGTH), attemptId: opened.slice(1 + ID_LENGTH) }
}

const isPurpose = (name: string): name is Purpose => Object.hasOwn(LETTERS, name)

export const isWithAccount = ({ purpose }: { purpose: Purpose }): boolean =>
  purpose !== 'sign-up' && purpose !== 'reset' && purpose !== 'passkey'

/** Whether the code of such an attempt lives as long as a login's (else as long as a sign-up's). */
export const hasLoginCode = (purpose: Purpose): boolean => purpose === 'login' || purpose === 'reauth'

/** An attempt outlives its code, so that a late reader can ask for another one. */
export const attemptLifeMs = (purpose: Purpose, codeLifeMs: number): number =>
  purpose === 'passkey' ? PASSKEY_LIFE_MS : Math.max((hasLoginCode(purpose) ? 15 : 60) * 60_000, 3 * codeLifeMs)

/** How long what a passkey is to sign can be signed. */
export const PASSKEY_LIFE_MS = 5 * 60_000

/** Minutes as told to people: rounded up, so that what is promised is kept. */
export const toMinutes = (milliseconds: number): number => Math.ceil(milliseconds / 60_000)

/**
 * Wrong codes in a row, over all attempts and factors, after which the step is locked until a reset or an admin lifts it
 * (NIST 800-63B 3.2.2).
 */
export const LOCK_AFTER = 100

/** What the operator decided about codes. */
export interface ChallengeRules {
  codeLength: number
  loginCodeTtlMs: number
  signUpCodeTtlMs: number
  resendIntervalMs: number
  maxAttempts: number
  dailyFailures: number
  mailsPerHour: number
  mailsPerDay: number
}

export const codeLifeMs = (rules: ChallengeRules, purpose: Purpose): number =>
  hasLoginCode(purpose) ? rules.loginCodeTtlMs : rules.signUpCodeTtlMs

/** A one-time code of digits. The generator never starts one with 0: 900,000 codes of six digits. */
export const newCode = (length: number): string =>
  otpGenerator.generate(length, { digits: true, lowerCaseAlphabets: false, upperCaseAlphabets: false, specialChars: false })

/** Blanks and dashes, which come between the letters of a code or around it when people and programs copy one. */
export const SEPARATORS = '[\\t\\p{Zs}\\p{Pd}\\u2212]'
const separators = new RegExp(SEPARATORS, 'gu')

/** A typed code without them. */
export const plainCode = (typed: string): string => typed.replace(separators, '')

/** What is kept of a code: sealed, so that the same one can be mailed again, and as a MAC, so that Redis can judge a typed one. */
export function keepCode (keyring: Keyring, attemptId: string, code: string): { codeMac: string, codeSealed: string } {
  return { codeMac: codeMac(keyring.current, attemptId, code), codeSealed: keyring.seal(code, codeContext(attemptId)) }
}

/** The MACs under which a typed code may have been kept: one for each SECRET in use. */
export const codeCandidates = (keyring: Keyring, attemptId: string, typed: string): string =>
  keyring.all.map((keys) => codeMac(keys, attemptId, plainCode(typed))).join(' ')

export const openCode = (keyring: Keyring, attemptId: string, sealed: string): string | null =>
  keyring.unseal(sealed, codeContext(attemptId))

/** The address of an attempt that belongs to no account: sealed, because it outlives the account that may have been deleted meanwhile. */
export const keepEmail = (keyring: Keyring, attemptId: string, email: string): string => keyring.seal(email, emailContext(attemptId))

export const openEmail = (keyring: Keyring, attemptId: string, sealed: string): string | null =>
  keyring.unseal(sealed, emailContext(attemptId))

const emailContext = (attemptId: string): string => `email ${attemptId}`
const codeContext = (attemptId: string): string => `code ${attemptId}`
const codeMac = (keys: Keyring['current'], attemptId: string, code: string): string => keys.id + mac(keys.code, `${attemptId} ${code}`, 24)
