import { ApiProblem, problemOf } from '../api/problem.ts'
import { send } from '../api/send.ts'
import { now } from './clock.ts'
import { currentSession, isTokens, type Session, sessionState, toSession } from './store.ts'
import { nextMessage, broadcastEnd, broadcastSession } from './tabs.ts'

const LOCK = 'dvokrok.refresh'
/** A token that expires this soon is renewed before use. */
const RENEW_BEFORE_EXPIRY_MS = 20_000
/** The tab that refreshed releases its lock before its message arrives here. */
const MESSAGE_TIMEOUT_MS = 250
const REFRESH_TIMEOUT_MS = 20_000
/** Longest time to keep retrying silently before an error is shown. */
const RETRY_BUDGET_MS = 4000

let running: Promise<string> | undefined

const isFresh = (session: Session): boolean => session.expiresAt - RENEW_BEFORE_EXPIRY_MS > now()

/** A valid access token. @throws ApiProblem if there is no session or the server cannot be reached */
export async function accessToken (): Promise<string> {
  const session = currentSession()
  return session && isFresh(session) ? session.accessToken : await renew(session?.accessToken)
}

/**
 * Returns a token other than `stale`. Only one tab refreshes at a time and shares the result with the others. A 401 ends the
 * session in every tab; a network error or a `Retry-After` does not.
 */
export async function renew (stale: string | undefined): Promise<string> {
  running ??= renewUnderLock(stale).finally(() => { running = undefined })
  return await running
}

async function renewUnderLock (stale: string | undefined): Promise<string> {
  // Without Web Locks (old browsers) two tabs may refresh at once; the server gives both the same successor.
  if (!('locks' in navigator)) return await refresh()
  const first = await navigator.locks.request(LOCK, { ifAvailable: true }, async (lock) =>
    lock ? tokenFromOtherTab(stale) ?? await refresh() : null)
  return first ?? await waitForOtherTab(stale)
}

async function waitForOtherTab (stale: string | undefined): Promise<string> {
  const heard = nextMessage(REFRESH_TIMEOUT_MS)
  return await navigator.locks.request(LOCK, async () => {
    if (!tokenFromOtherTab(stale)) await Promise.race([heard, nextMessage(MESSAGE_TIMEOUT_MS)])
    return tokenFromOtherTab(stale) ?? await refresh()
  })
}

/** The token that another tab has fetched in the meantime, if any. */
function tokenFromOtherTab (stale: string | undefined): string | null {
  const session = currentSession()
  return session && isFresh(session) && session.accessToken !== stale ? session.accessToken : null
}

async function refresh (): Promise<string> {
  const before = currentSession()
  const response = await requestWithRetry()
  if (response.ok) {
    const tokens: unknown = await response.json()
    if (!isTokens(tokens)) throw new ApiProblem('INTERNAL', response.status)
    const session = toSession(tokens)
    broadcastSession(session)
    return session.accessToken
  }
  const problem = await problemOf(response)
  if (problem.status !== 401) throw problem
  // Another tab won the race: its session is newer than this request, so this 401 ends nothing.
  const since = currentSession()
  if (since && isFresh(since) && since.accessToken !== before?.accessToken) return since.accessToken
  // Ending a session clears the cookie, so an ended session also shows up as TOKEN_MISSING.
  if (problem.code !== 'TOKEN_MISSING') broadcastEnd(problem.code)
  else if (sessionState().status === 'signed-in') broadcastEnd('SESSION_ENDED')
  throw problem
}

/** Retries after `Retry-After`, within the retry budget. */
async function requestWithRetry (): Promise<Response> {
  const giveUpAt = now() + RETRY_BUDGET_MS
  for (;;) {
    const response = await send(new Request(`${location.origin}/auth/refresh`, { method: 'POST' }))
    const retryAfterMs = Number(response.headers.get('retry-after') ?? 0) * 1000
    if (response.status < 500 || retryAfterMs === 0 || now() + retryAfterMs > giveUpAt) return response
    await new Promise((resolve) => { setTimeout(resolve, retryAfterMs) })
  }
}
