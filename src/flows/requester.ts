import { Problem } from '../errors.ts'
import { now } from '../platform/clock.ts'
import type { Locale } from '../platform/locales/index.ts'
import type { AccessClaims } from '../platform/tokens/access-token.ts'
import type { User } from '../records/accounts/account.ts'
import type { Amr } from '../records/sessions/amr.ts'
import type { Client } from '../records/activity/actor.ts'

export interface Log {
  info: (details: object, message: string) => void
  warn: (details: object, message: string) => void
}

/** The `Idempotency-Key` of a request, and all that makes the request what it is: the same key with another request is a mistake. */
export interface Repetition { key: string, request: string }

/** Who acts: the person of a session, or another service by its key. */
export interface RequestActor { kind: 'session' | 'key', id: string, name: string }

/** Who asks, as far as the request tells. This is all that flows know of HTTP. */
export interface Requester {
  /** Address and browser, in words for mails and lists. */
  readonly client: Client
  /** Null where nobody has to say who they are. */
  readonly actor: RequestActor | null
  /** A MAC of where the request comes from: an IPv4 address or an IPv6 /64. */
  readonly source: string
  /** The language of the answer. */
  readonly locale: Locale
  /** What the browser holds as proof that it has signed in before, or that it is trusted. */
  readonly deviceToken: string | undefined
  readonly trustedToken: string | undefined
  readonly repetition: Repetition | null
  readonly log: Log
}

/** Who is signed in, as Redis tells it at this request. */
export interface Principal {
  claims: AccessClaims
  user: User
  sid: string
  amr: Amr[]
  /** When the person last gave a password and, where set, a second step: milliseconds since the epoch, 0 for a trusted browser. */
  recentAt: number
}

/** A proof counts as recent for this long. */
const RECENT_MS = 10 * 60_000

/** @throws Problem REAUTHENTICATION_REQUIRED */
export function requireRecentProof ({ recentAt, claims }: Principal): void {
  // A token from before the proof may be a thief's copy. And a moment that lies ahead is not recent: the clock of Redis was set back since.
  const isFromBefore = claims.auth_time < Math.floor(recentAt / 1000)
  if (isFromBefore || Math.abs(now() - recentAt) > RECENT_MS) throw new Problem('REAUTHENTICATION_REQUIRED')
}
