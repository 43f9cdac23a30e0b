import type { ProblemCode } from './problem.ts'
import type { components } from './schema.d.ts'
import { isBrowser } from './transport.ts'

export type User = components['schemas']['User']

/** The response of a sign-in or a refresh. */
export interface Tokens { accessToken: string, expiresIn: number, user: User }

export const isTokens = (body: unknown): body is Tokens =>
  typeof body === 'object' && body !== null && 'accessToken' in body && 'expiresIn' in body && 'user' in body

export interface Session { accessToken: string, expiresAt: number, user: User }

/** Why nobody is signed in: a problem code, or the user's own action. */
export type EndReason = ProblemCode | 'SIGNED_OUT' | 'ACCOUNT_DELETED'

/** `unknown` until the server was asked. */
export type SessionState =
  | { status: 'unknown' }
  | { status: 'signed-in', user: User }
  | { status: 'signed-out', reason: EndReason | null }

export interface SessionStore {
  current: () => Session | null
  state: () => SessionState
  /** @returns what ends it */
  onChange: (listener: (state: SessionState) => void) => () => void
  /** Signs in here and in every other tab. */
  open: (tokens: Tokens) => Session
  /** Ends it here and in every other tab. */
  end: (reason: EndReason) => void
  /** What this tab alone has learnt. */
  look: (state: SessionState) => void
  /** Resolves at the next message of another tab, or after `timeoutMs`. */
  nextMessage: (timeoutMs: number) => Promise<void>
}

type TabMessage = { kind: 'session', session: Session } | { kind: 'end', reason: EndReason }

/** The session of one server, shared by all tabs of this origin. The access token is in memory only. */
export function createSessionStore (name: string): SessionStore {
  let session: Session | null = null
  let state: SessionState = { status: 'unknown' }
  const listeners = new Set<(state: SessionState) => void>()
  const waiting = new Set<() => void>()
  // Reaches only the tabs of this browser, and is never stored.
  const channel = isBrowser ? new BroadcastChannel(name) : null

  function change (next: SessionState): void {
    if (JSON.stringify(next) === JSON.stringify(state)) return
    state = next
    for (const listener of listeners) listener(next)
  }
  function keep (fresh: Session): void {
    session = fresh
    change({ status: 'signed-in', user: fresh.user })
  }
  function drop (reason: EndReason): void {
    session = null
    change({ status: 'signed-out', reason })
  }
  const tell = (message: TabMessage): void => { channel?.postMessage(message) }

  channel?.addEventListener('message', ({ data }: MessageEvent<TabMessage>) => {
    if (data.kind === 'end') drop(data.reason)
    // All tabs share one cookie, so the latest sign-in applies to all of them.
    else if (data.session.expiresAt > (session?.expiresAt ?? 0)) keep(data.session)
    for (const done of waiting) done()
  })

  return {
    current: () => session,
    state: () => state,
    onChange: (listener) => {
      listeners.add(listener)
      return () => { listeners.delete(listener) }
    },
    open: ({ accessToken, expiresIn, user }) => {
      const fresh = { accessToken, expiresAt: Date.now() + expiresIn * 1000, user }
      keep(fresh)
      tell({ kind: 'session', session: fresh })
      return fresh
    },
    end: (reason) => {
      drop(reason)
      tell({ kind: 'end', reason })
    },
    look: (next) => {
      // That nobody is signed in is no news, and the reason is known here.
      if (next.status === state.status && next.status === 'signed-out') return
      if (next.status !== 'signed-in') session = null
      else if (session) session = { ...session, user: next.user }
      change(next)
    },
    nextMessage: async (timeoutMs) => {
      await new Promise<void>((resolve) => {
        const done = (): void => {
          waiting.delete(done)
          clearTimeout(timer)
          resolve()
        }
        const timer = setTimeout(done, timeoutMs)
        waiting.add(done)
      })
    }
  }
}
