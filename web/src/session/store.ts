import type { ProblemCode } from '../api/problem.ts'
import type { components } from '../api/schema.d.ts'
import { now } from './clock.ts'

type User = components['schemas']['User']

/** What a sign-in or a refresh answers. */
export interface Tokens { accessToken: string, expiresIn: number, user: User }

export interface Session { accessToken: string, expiresAt: number, user: User }

/** Why nobody is signed in: a refusal's code, or the person's own wish. */
export type EndReason = ProblemCode | 'SIGNED_OUT' | 'ACCOUNT_DELETED'

export type SessionState =
  | { status: 'unknown' }
  | { status: 'signed-in', user: User }
  | { status: 'signed-out', reason: EndReason | null }

/** Only a hint that a refresh cookie may be there, so that strangers are not greeted by a failing request. */
const HINT = 'dvokrok.session'

// The access token lives here and nowhere else.
let session: Session | null = null
let state: SessionState = { status: 'unknown' }
const listeners = new Set<() => void>()

export const currentSession = (): Session | null => session
export const sessionState = (): SessionState => state
export const mayHaveSession = (): boolean => localStorage.getItem(HINT) !== null

export function subscribe (listener: () => void): () => void {
  listeners.add(listener)
  return () => { listeners.delete(listener) }
}

export const toSession = ({ accessToken, expiresIn, user }: Tokens): Session => ({ accessToken, expiresAt: now() + expiresIn * 1000, user })

export function keepSession (fresh: Session): void {
  session = fresh
  localStorage.setItem(HINT, '1')
  change({ status: 'signed-in', user: fresh.user })
}

export function dropSession (reason: EndReason | null): void {
  session = null
  localStorage.removeItem(HINT)
  change({ status: 'signed-out', reason })
}

/** The profile as the last answer shows it. */
export function updateUser (user: User): void {
  if (!session) return
  keepSession({ ...session, user })
}

function change (next: SessionState): void {
  state = next
  for (const listener of listeners) listener()
}
