import type { SecondFactor } from '../accounts/account.ts'
import { maskAddress } from '../accounts/address.ts'
import type { Channel, Method, PendingChallenge } from '../challenges/challenge.ts'

/** How an attempt can be finished; the first is offered. Recovery codes belong to the authenticator. */
export const methodsOf = (factors: SecondFactor[]): Method[] => factors.includes('totp') ? [...factors, 'recovery_code'] : factors

/** The channel over which a login's code goes out at once: none when an authenticator is there, then only on request. */
export function firstChannel (factors: SecondFactor[]): Channel | null {
  const [first] = factors
  return first === 'email' || first === 'sms' ? first : null
}

/** `+380 50 123 45 67` -> `+380•••67`. */
export const maskPhone = (phone: string): string => `${phone.slice(0, 4)}•••${phone.slice(-2)}`

export const maskDestination = (channel: Channel | null, email: string, phone: string): string =>
  channel === 'sms' ? maskPhone(phone) : maskAddress(email)

const RECOVERY_CODE = /^[a-z2-7]{4}(-?[a-z2-7]{4}){3}$/i

/** Whether what was typed can be an answer of this method at all; what cannot is refused without being counted. */
export function isWellFormed (method: Method, typed: string, codeLength: number): boolean {
  if (method === 'recovery_code') return RECOVERY_CODE.test(typed)
  return method === 'totp' ? /^\d{6}$/.test(typed) : /^\d+$/.test(typed) && typed.length === codeLength
}

/** 16 letters of RFC 4648 base32 (80 bits), as stored: without dashes, in upper case. */
export const plainRecoveryCode = (typed: string): string => typed.replaceAll('-', '').toUpperCase()

/** The method of a caller who named none: a recovery code is known by its looks, else it is the one that was offered. */
export const methodFor = (challenge: PendingChallenge, typed: string): Method =>
  RECOVERY_CODE.test(typed) ? 'recovery_code' : challenge.method
