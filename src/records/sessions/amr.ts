import { oneOf } from '../../platform/redis/script.ts'

const METHODS = ['pwd', 'otp', 'device', 'pop', 'mfa'] as const

/**
 * How the person proved who they are (RFC 8176 names; `pop` is a passkey, `device` a trusted browser). Refresh copies it and never
 * raises it.
 */
export type Amr = typeof METHODS[number]

const method = oneOf(METHODS)

/** Reads what Redis keeps. @throws Error for a word that is none of ours */
export const parseAmr = (text: string): Amr[] => text.split(' ').map((word) => method.decode(word))

/** Makes what Redis keeps. */
export const formatAmr = (amr: readonly Amr[]): string => amr.join(' ')

/** Whether more than a password was given: a code, a passkey, or a browser that was trusted after one. */
export const hasSecondFactor = (amr: readonly Amr[]): boolean => amr.some((one) => one === 'otp' || one === 'device' || one === 'pop')
