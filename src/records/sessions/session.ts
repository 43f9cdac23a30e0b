import type { User } from '../accounts/account.ts'
import type { Amr } from './amr.ts'

/** A session as it is after a sign-in or a refresh. */
export interface OpenSession {
  user: User
  sid: string
  generation: number
  amr: Amr[]
  /** Seconds since the epoch. */
  authTime: number
  /** How long the refresh cookie may live. */
  idleSeconds: number
}

/** A session that a script has just opened. */
export interface OpenedSession { user: User, isKnownDevice: boolean, authAtMs: number }
