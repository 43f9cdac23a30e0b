import type { SecondFactor } from '../accounts/account.ts'
import { maskAddress } from '../accounts/address.ts'
import { type Channel, codeCandidates, type Method, type PendingChallenge, plainCode } from '../challenges/challenge.ts'
import type { Keyring } from '../../platform/keyring.ts'
import { hashRecoveryCode } from './recovery-codes.ts'
import type { TotpStore } from './totp-store.ts'

/** How an attempt can be finished; the first is offered. An authenticator always comes with recovery codes. */
export const methodsOf = (factors: SecondFactor[], hasRecoveryCodes: boolean): Method[] =>
  hasRecoveryCodes || factors.includes('totp') ? [...factors, 'recovery_code'] : factors

/** What a code is that comes without a method. */
export const firstCodeOf = (methods: Method[]): Method => methods.find((method) => method !== 'passkey') ?? 'email'

/** The channel over which a login's code goes out at once: none when a passkey or an authenticator is there, then only on request. */
export function firstChannel (factors: SecondFactor[]): Channel | null {
  const [first] = factors
  return first === 'email' || first === 'sms' ? first : null
}

/** `+380 50 123 45 67` -> `+380•••67`. */
export const maskPhone = (phone: string): string => `${phone.slice(0, 4)}•••${phone.slice(-2)}`

export const maskDestination = (channel: Channel | null, email: string, phone: string): string =>
  channel === 'sms' ? maskPhone(phone) : maskAddress(email)

const TOTP_LENGTH = 6
const RECOVERY_CODE = /^[a-z2-7]{16}$/i

/** Whether what was typed can be an answer of this method at all; what cannot is refused without being counted. */
export function isWellFormed (method: Method, typed: string, codeLength: number): boolean {
  const code = plainCode(typed)
  if (method === 'recovery_code') return RECOVERY_CODE.test(code)
  if (method === 'passkey') return false
  return /^\d+$/.test(code) && code.length === (method === 'totp' ? TOTP_LENGTH : codeLength)
}

/** The method of a caller who named none: a recovery code is known by its looks, else it is the one that was offered. */
export const methodFor = (challenge: PendingChallenge, typed: string): Method =>
  RECOVERY_CODE.test(plainCode(typed)) ? 'recovery_code' : challenge.method

/** Makes what was typed ready for `judge` in _judge.lua, so that Redis can judge it without knowing a secret. */
export type MakeProof = (accountId: string, attemptId: string, method: Method, typed: string) => Promise<string>

export function createProofMaker (keyring: Keyring, totp: TotpStore): MakeProof {
  return async (accountId, attemptId, method, typed) => {
    if (method === 'totp') return await totp.matchingStep(accountId, typed)
    if (method === 'recovery_code') return hashRecoveryCode(typed)
    return codeCandidates(keyring, attemptId, typed)
  }
}
