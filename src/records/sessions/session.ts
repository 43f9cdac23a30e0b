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

/** Who asks, as far as the request tells. */
export interface Client {
  ip: string
  /** `Firefox on Linux`: short, because it stands in hot records. */
  device: string
}
