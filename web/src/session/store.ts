import type { ProblemCode } from '../api/problem.ts'
import type { components } from '../api/schema.d.ts'
import { serverConfig } from '../app/server-config.ts'
import { now } from './clock.ts'

type User = components['schemas']['User']

/** The response of a sign-in or a refresh. */
export interface Tokens { accessToken: string, expiresIn: number, user: User }

export const isTokens = (body: unknown): body is Tokens =>
  typeof body === 'object' && body !== null && 'accessToken' in body && 'expiresIn' in body && 'user' in body

export interface Session { accessToken: string, expiresAt: number, user: User }

/** Why nobody is signed in: a problem code, or the user's own action. */
export type EndReason = ProblemCode | 'SIGNED_OUT' | 'ACCOUNT_DELETED'

export type SessionState =
  | { status: 'unknown' }
  | { status: 'signed-in', user: User }
  | { status: 'signed-out', reason: EndReason | null }

/** Hints that a refresh cookie may exist, so that first-time visitors do not send a request that must fail. */
const HINT = 'dvokrok.session'

// The access token is kept in memory only.
let session: Session | null = null
let state: SessionState = { status: 'unknown' }
const listeners = new Set<() => void>()

export const currentSession = (): Session | null => session
export const sessionState = (): SessionState => state
export const mayHaveSession = (): boolean => serverConfig.hasSession || localStorage.getItem(HINT) !== null

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

/** Replaces the profile with the one of the latest response. */
export function updateUser (user: User): void {
  if (!session) return
  keepSession({ ...session, user })
}

function change (next: SessionState): void {
  state = next
  for (const listener of listeners) listener()
}
