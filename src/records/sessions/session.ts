import type { User } from '../accounts/account.ts'
import type { Client } from '../activity/actor.ts'
import type { Amr } from './amr.ts'

/** What a session is to be. */
export interface NewSession {
  accountId: string
  amr: Amr[]
  client: Client
  /** The device cookie that came. */
  deviceToken?: string | undefined
  /** Whether the sign-in counts as a proof for what needs a recent one. */
  isFresh?: boolean | undefined
  sid?: string | undefined
}

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
