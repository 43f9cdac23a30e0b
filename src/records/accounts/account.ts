import { Type } from '@sinclair/typebox'
import { readJson } from '../../platform/json.ts'
import { type Locale, toLocale } from '../../platform/locales/index.ts'
import { displayMailAddress } from '../../platform/mail-address.ts'

export type Role = 'user' | 'admin'
/** `invited`: nobody has chosen a password yet. */
export type Status = 'active' | 'disabled' | 'invited'
/** The one that a login offers first comes first. */
export type SecondFactor = 'passkey' | 'totp' | 'email' | 'sms'

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
  /** The operator's own roles; not there when the account has none. */
  roles?: string[]
  /** Facts for other services, set by an admin or a service key; not there when the account has none. */
  claims?: Claims
}

/** At most `CLAIMS_BYTES` of JSON. */
export type Claims = Record<string, unknown>

export const CLAIMS_BYTES = 1024

/**
 * One visible character at least. Control characters, halves of surrogate pairs, line and paragraph separators and direction marks have no
 * place in a name.
 */
export const NAME_PATTERN = '^(?=.*(?![\\p{Default_Ignorable_Code_Point}\\u2800])[\\p{L}\\p{N}\\p{P}\\p{S}])' +
  '[^\\p{Cc}\\p{Cs}\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069]*$'

/** E.164: a plus, the country, at most 15 digits and nothing between them. */
export const PHONE_PATTERN = '^\\+[1-9][0-9]{6,14}$'

const KeptClaims = Type.Record(Type.String(), Type.Unknown())

/** Looked at where there is no account, so that both cases cost the same round trips. */
export const NOBODY = 'nobody'

/** The fields of the account record that make a `User`; scripts answer them in this order (`user_of` in _user.lua). */
export const USER_FIELDS = ['email', 'name', 'role', 'status', 'locale', 'twoFactor', 'createdAt', 'emailCode', 'totp', 'phone', 'passkeys',
  'roles', 'claims'] as const

export function readUser (id: string, values: Array<string | null>): User {
  const [email, name, role, status, locale, twoFactor, createdAt, emailCode, totp, phone, passkeys, roles, claims] = values
  return {
    id,
    email: displayMailAddress(email ?? ''),
    name: name ?? '',
    role: role === 'admin' ? 'admin' : 'user',
    status: status === 'active' || status === 'invited' ? status : 'disabled',
    locale: toLocale(locale),
    isTwoFactorEnabled: twoFactor === '1',
    secondFactors: secondFactors({ emailCode, totp, phone, passkeys }),
    createdAt: new Date(Number(createdAt)).toISOString(),
    ...(roles ? { roles: roles.split(' ') } : {}),
    ...(claims ? { claims: readJson(KeptClaims, claims) } : {})
  }
}

/** The e-mailed code is there unless it was switched off, which only an authenticator or a passkey allows. */
export function secondFactors (
  { emailCode, totp, phone, passkeys }: Record<'emailCode' | 'totp' | 'phone' | 'passkeys', string | null | undefined>
): SecondFactor[] {
  return [
    ...(passkeys ? ['passkey' as const] : []),
    ...(totp ? ['totp' as const] : []),
    ...(emailCode === '0' && (totp || passkeys) ? [] : ['email' as const]),
    ...(phone ? ['sms' as const] : [])
  ]
}
