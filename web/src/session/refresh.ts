import { problemOf } from '../api/problem.ts'
import { send } from '../api/send.ts'
import { now } from './clock.ts'
import { currentSession, type Session, sessionState, type Tokens, toSession } from './store.ts'
import { nextMessage, broadcastEnd, broadcastSession } from './tabs.ts'

const LOCK = 'dvokrok.refresh'
/** A token that ends so soon is renewed before it is used. */
const RENEW_BEFORE_EXPIRY_MS = 20_000
/** The word of the tab that refreshed is on its way when its lock is let go. */
const MESSAGE_TIMEOUT_MS = 250
const REFRESH_TIMEOUT_MS = 20_000
/** Longer than this a person wants to know what is going on. */
const RETRY_BUDGET_MS = 4000

let running: Promise<string> | undefined

const isFresh = (session: Session): boolean => session.expiresAt - RENEW_BEFORE_EXPIRY_MS > now()

/** An access token that can be used now. @throws ApiProblem when there is no session, or the server cannot be reached */
export async function accessToken (): Promise<string> {
  const session = currentSession()
  return session && isFresh(session) ? session.accessToken : await renew(session?.accessToken)
}

/**
 * A token other than `stale`: one refresh at a time in all tabs together, its answer handed to the others. A refusal ends the
 * session everywhere; no answer, or one that says "later", ends nothing.
 */
export async function renew (stale: string | undefined): Promise<string> {
  running ??= renewUnderLock(stale).finally(() => { running = undefined })
  return await running
}

async function renewUnderLock (stale: string | undefined): Promise<string> {
  // Without Web Locks (an old browser) two tabs refresh at once, and the server gives both the same successor.
  if (!('locks' in navigator)) return await refresh()
  const first = await navigator.locks.request(LOCK, { ifAvailable: true }, async (lock) => lock ? tokenFromOtherTab(stale) ?? await refresh() : null)
  return first ?? await waitForOtherTab(stale)
}

async function waitForOtherTab (stale: string | undefined): Promise<string> {
  const heard = nextMessage(REFRESH_TIMEOUT_MS)
  return await navigator.locks.request(LOCK, async () => {
    if (!tokenFromOtherTab(stale)) await Promise.race([heard, nextMessage(MESSAGE_TIMEOUT_MS)])
    return tokenFromOtherTab(stale) ?? await refresh()
  })
}

/** What another tab has fetched in the meantime. */
function tokenFromOtherTab (stale: string | undefined): string | null {
  const session = currentSession()
  return session && isFresh(session) && session.accessToken !== stale ? session.accessToken : null
}

async function refresh (): Promise<string> {
  const before = currentSession()
  const response = await requestWithRetry()
  if (response.ok) {
    const session = toSession(await response.json() as Tokens)
    broadcastSession(session)
    return session.accessToken
  }
  const problem = await problemOf(response)
  if (problem.status !== 401) throw problem
  // A race that this tab lost is no end: another tab has a session that is newer than the question.
  const since = currentSession()
  if (since && isFresh(since) && since.accessToken !== before?.accessToken) return since.accessToken
  // Whoever ended the session took the cookie along, so that only "missing" is left to be said of it.
  if (problem.code !== 'TOKEN_MISSING') broadcastEnd(problem.code)
  else if (sessionState().status === 'signed-in') broadcastEnd('SESSION_ENDED')
  throw problem
}

/** Comes back when the server asks to (`Retry-After`), as long as a person would wait. */
async function requestWithRetry (): Promise<Response> {
  const giveUpAt = now() + RETRY_BUDGET_MS
  for (;;) {
    const response = await send(new Request(`${location.origin}/auth/refresh`, { method: 'POST' }))
    const retryAfterMs = Number(response.headers.get('retry-after') ?? 0) * 1000
    if (response.status < 500 || retryAfterMs === 0 || now() + retryAfterMs > giveUpAt) return response
    await new Promise((resolve) => { setTimeout(resolve, retryAfterMs) })
  }
}
