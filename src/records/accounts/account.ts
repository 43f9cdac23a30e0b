import type { Locale } from '../../platform/locales/index.ts'
import { displayMailAddress } from '../../platform/mail-address.ts'

export type Role = 'user' | 'admin'
export type Status = 'active' | 'disabled'
/** The one that a login offers first comes first. */
export type SecondFactor = 'totp' | 'email' | 'sms'

/** What the API shows of an account, and nothing else. */
export interface User {
  id: string
  /** As people write it; `canonicalAddress` makes the form in which it is stored. */
  email: string
  name: string
  role: Role
  status: Status
  locale: Locale
  isTwoFactorEnabled: boolean
  secondFactors: SecondFactor[]
  /** ISO 8601, UTC. */
  createdAt: string
}

/**
 * One visible character at least. Control characters, halves of surrogate pairs, line and paragraph separators and direction marks have no
 * place in a name.
 */
export const NAME_PATTERN = '^(?=.*(?![\\p{Default_Ignorable_Code_Point}\\u2800])[\\p{L}\\p{N}\\p{P}\\p{S}])' +
  '[^\\p{Cc}\\p{Cs}\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069]*$'

/** E.164: a plus, the country, at most 15 digits and nothing between them. */
export const PHONE_PATTERN = '^\\+[1-9][0-9]{6,14}$'

/** Looked at where there is no account, so that both cases cost the same round trips. */
export const NOBODY = 'nobody'

/** The fields of the account record that make a `User`; scripts answer them in this order (`user_of` in _user.lua). */
export const USER_FIELDS = ['email', 'name', 'role', 'status', 'locale', 'twoFactor', 'createdAt', 'emailCode', 'totp', 'phone'] as const

export function readUser (id: string, values: Array<string | null>): User {
  const [email, name, role, status, locale, twoFactor, createdAt, emailCode, totp, phone] = values
  return {
    id,
    email: displayMailAddress(email ?? ''),
    name: name ?? '',
    role: role === 'admin' ? 'admin' : 'user',
    status: status === 'active' ? 'active' : 'disabled',
    locale: toLocale(locale),
    isTwoFactorEnabled: twoFactor === '1',
    secondFactors: secondFactors({ emailCode, totp, phone }),
    createdAt: new Date(Number(createdAt)).toISOString()
  }
}

export const toLocale = (stored: string | null | undefined): Locale => stored === 'uk' || stored === 'ru' ? stored : 'en'

/** The e-mailed code is there unless it was switched off, which only an authenticator allows. */
export function secondFactors (
  { emailCode, totp, phone }: Record<'emailCode' | 'totp' | 'phone', string | null | undefined>
): SecondFactor[] {
  return [
    ...(totp ? ['totp' as const] : []),
    ...(emailCode === '0' && totp ? [] : ['email' as const]),
    ...(phone ? ['sms' as const] : [])
  ]
}
