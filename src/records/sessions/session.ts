import type { User } from '../accounts/account.ts'

/** How the person proved who they are (RFC 8176 names, `device` for a trusted one). Refresh copies it and never raises it. */
export type Amr = 'pwd' | 'otp' | 'device'

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
