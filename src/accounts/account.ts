import type { Locale } from '../locales/index.ts'

export type Role = 'user' | 'admin'
export type Status = 'active' | 'disabled'

/** What the API shows of an account, and nothing else. */
export interface User {
  id: string
  email: string
  name: string
  role: Role
  status: Status
  locale: Locale
  isTwoFactorEnabled: boolean
  secondFactors: string[]
  /** ISO 8601, UTC. */
  createdAt: string
}

/** The fields of the account record that make a `User`; scripts answer them in this order (`user_of` in _session.lua). */
export const USER_FIELDS = ['email', 'name', 'role', 'status', 'locale', 'twoFactor', 'createdAt'] as const

export function readUser (id: string, values: Array<string | null>): User {
  const [email, name, role, status, locale, twoFactor, createdAt] = values
  return {
    id,
    email: email ?? '',
    name: name ?? '',
    role: role === 'admin' ? 'admin' : 'user',
    status: status === 'active' ? 'active' : 'disabled',
    locale: toLocale(locale),
    isTwoFactorEnabled: twoFactor === '1',
    secondFactors: ['email'],
    createdAt: new Date(Number(createdAt)).toISOString()
  }
}

export const toLocale = (stored: string | null | undefined): Locale => stored === 'uk' || stored === 'ru' ? stored : 'en'
