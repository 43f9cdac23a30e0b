import { ApiProblem, problemOf } from './problem.ts'
import { isTokens, type Session, type SessionStore } from './session.ts'
import { isBrowser, type Transport } from './transport.ts'

export interface Refresh {
  /** A valid access token. @throws ApiProblem if there is no session or the server cannot be reached */
  accessToken: () => Promise<string>
  /**
   * Returns a token other than `stale`. Only one tab refreshes at a time and shares the result with the others. A 401 ends the
   * session in every tab; a network error or a `Retry-After` does not.
   */
  renew: (stale: string | undefined) => Promise<string>
}

/** A token that expires this soon is renewed before use. */
const RENEW_BEFORE_EXPIRY_MS = 20_000
/** The tab that refreshed releases its lock before its message arrives here. */
const MESSAGE_TIMEOUT_MS = 250
const REFRESH_TIMEOUT_MS = 20_000

const isFresh = (session: Session): boolean => session.expiresAt - RENEW_BEFORE_EXPIRY_MS > Date.now()

export function createRefresh (name: string, { base, send }: Transport, store: SessionStore): Refresh {
  let running: Promise<string> | undefined

  async function renew (stale: string | undefined): Promise<string> {
    running ??= renewUnderLock(stale).finally(() => { running = undefined })
    return await running
  }

  async function renewUnderLock (stale: string | undefined): Promise<string> {
    // Without Web Locks (old browsers) two tabs may refresh at once; the server gives both the same successor.
    if (!isBrowser || !('locks' in navigator)) return newerToken(stale) ?? await refresh()
    const first = await navigator.locks.request(name, { ifAvailable: true }, async (lock) =>
      lock ? newerToken(stale) ?? await refresh() : null)
    return first ?? await waitForOtherTab(stale)
  }

  async function waitForOtherTab (stale: string | undefined): Promise<string> {
    const heard = store.nextMessage(REFRESH_TIMEOUT_MS)
    return await navigator.locks.request(name, async () => {
      if (!newerToken(stale)) await Promise.race([heard, store.nextMessage(MESSAGE_TIMEOUT_MS)])
      return newerToken(stale) ?? await refresh()
    })
  }

  /** The token that another call or tab has fetched in the meantime, if any. */
  function newerToken (stale: string | undefined): string | null {
    const session = store.current()
    return session && isFresh(session) && session.accessToken !== stale ? session.accessToken : null
  }

  async function refresh (): Promise<string> {
    const before = store.current()
    const response = await send(() => new Request(`${base}/auth/refresh`, { method: 'POST' }))
    if (response.ok) {
      const tokens: unknown = await response.json()
      if (!isTokens(tokens)) throw new ApiProblem('INTERNAL', response.status)
      return store.open(tokens).accessToken
    }
    const problem = await problemOf(response)
    if (problem.status !== 401) throw problem
    // Another tab won the race: its session is newer than this request, so this 401 ends nothing.
    const since = store.current()
    if (since && isFresh(since) && since.accessToken !== before?.accessToken) return since.accessToken
    // Ending a session clears the cookie, so an ended session also shows up as TOKEN_MISSING.
    if (problem.code !== 'TOKEN_MISSING') store.end(problem.code)
    else if (store.state().status === 'signed-in') store.end('SESSION_ENDED')
    else store.look({ status: 'signed-out', reason: null })
    throw problem
  }

  return {
    renew,
    accessToken: async () => {
      const session = store.current()
      return session && isFresh(session) ? session.accessToken : await renew(session?.accessToken)
    }
  }
}
