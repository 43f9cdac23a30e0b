import type { Claims } from './claims.ts'

/** Clocks of servers and Redis may differ by this much. */
const SKEW_MS = 5_000

/** More sessions than an account has at a time. */
const MOST_ALIVE = 1000

export interface FeedEvent { type: string, subject: string, atMs: number, data: { sid?: unknown, keptSid?: unknown } }

/**
 * What the events say about a token: its session goes on, or has ended. `unclear`: it was issued about when all sessions of its account
 * ended. `unseen`: it is older than what the events tell.
 */
export type Verdict = 'lives' | 'ended' | 'unclear' | 'unseen'

export interface Endings {
  add: (event: FeedEvent) => void
  judge: (claims: Claims) => Verdict
  /** To be called when the session was found alive after this moment; counts unless the account's sessions have ended again meanwhile. */
  confirmer: (claims: Claims) => () => void
  /** Everything before this moment is unknown. */
  forgetBefore: (atMs: number) => void
  readonly size: number
}

interface AccountEnding { atMs: number, keptSid: string | undefined, alive: Set<string> | null }

/**
 * Who has ended within the life of a token; what is older can concern no token that is still good. When there are more than `most`, the
 * oldest are forgotten, and tokens from before are `unseen`: never trusted without a word.
 */
export function createEndings ({ lifeMs, most }: { lifeMs: number, most: number }): Endings {
  // Both in the order of the log, which is the order of time but for the skew of clocks.
  const sessions = new Map<string, number>()
  const accounts = new Map<string, AccountEnding>()
  let knownSinceMs = Infinity

  function makeRoom (): void {
    const tooOld = Date.now() - lifeMs - SKEW_MS
    for (const [sid, atMs] of sessions) {
      if (atMs > tooOld && sessions.size + accounts.size <= most) break
      sessions.delete(sid)
      knownSinceMs = Math.max(knownSinceMs, atMs)
    }
    for (const [id, { atMs }] of accounts) {
      if (atMs > tooOld && sessions.size + accounts.size <= most) break
      accounts.delete(id)
      knownSinceMs = Math.max(knownSinceMs, atMs)
    }
  }

  function markAlive (ending: AccountEnding, sid: string): void {
    if (!ending.alive || ending.alive.size >= MOST_ALIVE) ending.alive = new Set()
    ending.alive.add(sid)
  }

  return {
    add: ({ type, subject, atMs, data }) => {
      if (type === 'session.ended' && typeof data.sid === 'string') {
        sessions.set(data.sid, atMs)
        accounts.get(subject)?.alive?.delete(data.sid)
      } else if (type === 'session.started' && typeof data.sid === 'string') {
        const ending = accounts.get(subject)
        if (ending) markAlive(ending, data.sid)
        return
      } else if (type === 'sessions.ended' || type === 'account.disabled' || type === 'account.deleted') {
        const keptSid = typeof data.keptSid === 'string' ? data.keptSid : undefined
        // Put at the end, where the youngest are.
        accounts.delete(subject)
        accounts.set(subject, { atMs, keptSid, alive: null })
      } else return
      makeRoom()
    },

    judge: ({ sid, sub, iat }) => {
      if (sessions.size > 0 && sessions.has(sid)) return 'ended'
      const issuedMs = iat * 1000
      // A token that was issued within the skew of the beginning may be older.
      if (issuedMs < knownSinceMs + SKEW_MS) return 'unseen'
      const ending = accounts.size > 0 ? accounts.get(sub) : undefined
      if (!ending || ending.keptSid === sid || ending.alive?.has(sid) === true) return 'lives'
      if (issuedMs > ending.atMs + SKEW_MS) return 'lives'
      // Issued in whole seconds, by another clock: it may be of a session that began right after, whose event is still on its way.
      return issuedMs + 1000 < ending.atMs - SKEW_MS ? 'ended' : 'unclear'
    },

    confirmer: ({ sid, sub }) => {
      const ending = accounts.get(sub)
      return () => { if (ending && !sessions.has(sid)) markAlive(ending, sid) }
    },

    forgetBefore: (atMs) => { knownSinceMs = atMs },

    get size () { return sessions.size + accounts.size }
  }
}
