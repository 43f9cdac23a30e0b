import { orNull, Problem } from '../errors.ts'
import { isId } from '../platform/ids.ts'
import type { Keyring } from '../platform/keyring.ts'
import type { User } from '../records/accounts/account.ts'
import type { ActivityStore } from '../records/activity/activity-store.ts'
import { readRefreshToken, type RefreshClaims } from '../records/sessions/generation-token.ts'
import { type Amr, hasSecondFactor } from '../records/sessions/amr.ts'
import type { SessionsStore, SessionView } from '../records/sessions/sessions-store.ts'
import type { Notices } from './notices.ts'
import type { Principal, Requester } from './requester.ts'
import type { SessionGrant, SessionGrants } from './session-grant.ts'
import type { Tokens } from './tokens.ts'

export type RefreshOutcome = { kind: 'refreshed', grant: SessionGrant } | { kind: 'refused', problem: Problem }

/** What a request brings of sessions; what is not valid names none. */
export interface SessionTokens { accessToken: string | undefined, refreshToken: string | undefined }

interface NamedSession { accountId: string, sid: string }

export interface Sessions {
  /** Rotates the refresh token. A refused one is worth nothing any more. */
  refresh: (requester: Requester, claims: RefreshClaims) => Promise<RefreshOutcome>
  /** Whose session a refresh token opens; nothing is turned, prolonged or ended. */
  look: (refreshToken: string | undefined) => Promise<User | null>
  /** Ends what the request names; nothing happens to what has ended already. */
  logout: (requester: Requester, named: SessionTokens) => Promise<void>
  /** Ends every session of the accounts whose living sessions the request names. */
  logoutAll: (requester: Requester, named: SessionTokens) => Promise<void>
  list: (principal: Principal) => Promise<Array<SessionView & { current: boolean }>>
  /** True when it was the session that asks. @throws Problem NOT_FOUND */
  end: (requester: Requester, principal: Principal, sid: string) => Promise<boolean>
  /** Every trusted browser ends too, unless the person keeps them. */
  endOthers: (requester: Requester, principal: Principal, options: { keepsTrusted: boolean }) => Promise<void>
}

interface Dependencies {
  sessions: Pick<SessionsStore, 'refresh' | 'look' | 'find' | 'end' | 'endAll' | 'list'>
  activity: Pick<ActivityStore, 'add'>
  grants: Pick<SessionGrants, 'renew'>
  notices: Notices
  tokens: Pick<Tokens, 'readAccess'>
  keyring: Keyring
  isTwoFactorRequired: boolean
}

export function createSessions ({ sessions, activity, grants, notices, tokens, keyring, isTwoFactorRequired }: Dependencies): Sessions {
  /** The operator may have come to require a second step since the session began. */
  const meetsRequirement = (amr: Amr[]): boolean => !isTwoFactorRequired || hasSecondFactor(amr)

  /**
   * The living sessions that the tokens prove, each once. A refresh token of an older generation is a copy: it ends its own session, and no
   * other.
   */
  async function provenBy (requester: Requester, { accessToken, refreshToken }: SessionTokens): Promise<NamedSession[]> {
    const proven: NamedSession[] = []
    const byAccess = accessToken === undefined ? null : orNull(() => tokens.readAccess(accessToken))
    if (byAccess && await sessions.find(byAccess.sub, byAccess.sid)) proven.push({ accountId: byAccess.sub, sid: byAccess.sid })
    const byRefresh = refreshToken === undefined ? null : readRefreshToken(keyring, refreshToken)
    if (byRefresh) {
      const { outcome } = await sessions.refresh(byRefresh, requester.client)
      if (outcome === 'ok') {
        if (byRefresh.sid !== proven[0]?.sid) proven.push(byRefresh)
      } else if (outcome !== 'ended') await reportRefused(requester, byRefresh, outcome)
    }
    return proven
  }

  async function reportRefused ({ client, log }: Requester, { accountId, sid }: NamedSession, outcome: string): Promise<void> {
    log.warn({ event: 'refresh.refused', outcome, account: accountId, session: sid, ...client }, 'a refresh token was refused')
    if (outcome === 'reused') await notices.notifyOwner(accountId, 'refreshTheft', client)
  }

  return {
    refresh: async (requester, claims) => {
      const { client } = requester
      const { accountId, sid } = claims
      const result = await sessions.refresh(claims, client)
      if (result.outcome === 'ok' && meetsRequirement(result.session.amr)) return { kind: 'refreshed', grant: grants.renew(result.session) }

      const outcome = result.outcome === 'ok' ? 'insufficient' : result.outcome
      await reportRefused(requester, claims, outcome)
      if (outcome === 'insufficient') await sessions.end({ accountId, sid, client }, 'session_ended')
      const code = outcome === 'reused' ? 'REFRESH_TOKEN_REUSED' : outcome === 'ahead' ? 'REFRESH_TOKEN_INVALID' : 'SESSION_ENDED'
      return { kind: 'refused', problem: new Problem(code) }
    },

    look: async (refreshToken) => {
      const claims = refreshToken === undefined ? null : readRefreshToken(keyring, refreshToken)
      const session = claims && await sessions.look(claims)
      return session && meetsRequirement(session.amr) ? session.user : null
    },

    logout: async (requester, tokens) => {
      const { client } = requester
      for (const { accountId, sid } of await provenBy(requester, tokens)) await sessions.end({ accountId, sid, client }, 'logout')
    },

    logoutAll: async (requester, tokens) => {
      const accounts = new Set((await provenBy(requester, tokens)).map(({ accountId }) => accountId))
      for (const accountId of accounts) await sessions.endAll({ accountId, actor: requester.client, event: 'logout_all' })
    },

    list: async ({ user, sid }) => {
      const found = await sessions.list(user.id)
      return found.map((session) => ({ ...session, current: session.id === sid }))
    },

    end: async ({ client }, { user, sid: current }, sid) => {
      const isEnded = isId(sid) && await sessions.end({ accountId: user.id, sid, client }, 'session_ended')
      if (!isEnded) {
        await activity.add(user.id, client, { event: 'session_ended', result: 'unknown' })
        throw new Problem('NOT_FOUND')
      }
      return sid === current
    },

    endOthers: async ({ client }, { user, sid }, { keepsTrusted }) => {
      await sessions.endAll({ accountId: user.id, keepSid: sid, keepsTrusted, actor: client, event: 'other_sessions_ended' })
    }
  }
}
