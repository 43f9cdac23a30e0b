import { Problem } from '../errors.ts'
import type { Keyring } from '../platform/keyring.ts'
import type { Metrics } from '../platform/metrics/metrics.ts'
import type { User } from '../records/accounts/account.ts'
import type { IdempotencyClaim, Outcome } from '../records/idempotency/idempotency-store.ts'
import type { ProvenSession } from '../records/challenges/reauthentication-store.ts'
import { makeRefreshToken } from '../records/sessions/generation-token.ts'
import type { Amr } from '../records/sessions/amr.ts'
import type { OpenedSession, OpenSession } from '../records/sessions/session.ts'
import type { SessionDraft, SessionsStore } from '../records/sessions/sessions-store.ts'
import type { Notices } from './notices.ts'
import type { Requester } from './requester.ts'
import type { Tokens } from './tokens.ts'

/** What a client gets of a session. */
export interface AccessGrant { accessToken: string, tokenType: 'Bearer', expiresIn: number, user: User }

/** The same, with what its browser keeps. */
export interface SessionGrant extends AccessGrant {
  sid: string
  refresh: { token: string, maxAgeSeconds: number }
  /** Only of a session that has just begun: by this the browser is known the next time. */
  deviceToken: string | null
}

interface DraftOptions {
  /** The sign-in counts as a proof for what needs a recent one. */
  isFresh?: boolean
  claim?: IdempotencyClaim | undefined
}

export interface SessionGrants {
  draft: (requester: Requester, accountId: string, amr: Amr[], options?: DraftOptions) => SessionDraft
  /** The tokens of a session that a script has just opened. A browser that the account does not know is told to its owner. */
  begin: (requester: Requester, draft: SessionDraft, opened: OpenedSession) => Promise<SessionGrant>
  /** The same once more, for a session that was just opened and not used since. @throws Problem CHALLENGE_INVALID */
  repeat: (outcome: Outcome) => Promise<SessionGrant>
  /** Tokens of a session as it is now. */
  renew: (session: OpenSession) => SessionGrant
  /** A fresh access token; no new refresh token. */
  access: (session: ProvenSession) => AccessGrant
}

interface Dependencies {
  sessions: Pick<SessionsStore, 'draft' | 'reopen'>
  tokens: Pick<Tokens, 'signAccess'>
  notices: Notices
  keyring: Keyring
  metrics: Pick<Metrics, 'login'>
  accessTokenTtlSeconds: number
}

/** A session on its way to its owner. */
export function createSessionGrants ({ sessions, tokens, notices, keyring, metrics, accessTokenTtlSeconds }: Dependencies): SessionGrants {
  const access = (session: ProvenSession): AccessGrant =>
    ({ accessToken: tokens.signAccess(session), tokenType: 'Bearer', expiresIn: accessTokenTtlSeconds, user: session.user })

  const grant = (session: OpenSession, deviceToken: string | null): SessionGrant => {
    const { user, sid, generation, idleSeconds } = session
    const token = makeRefreshToken(keyring, { accountId: user.id, sid, generation })
    return { ...access(session), sid, refresh: { token, maxAgeSeconds: idleSeconds }, deviceToken }
  }

  return {
    access,
    renew: (session) => grant(session, null),

    draft: ({ client, deviceToken }, accountId, amr, { isFresh, claim } = {}) => {
      const draft = sessions.draft({ accountId, amr, client, deviceToken, isFresh, sid: claim?.newId('session') })
      return { ...draft, record: claim?.record({ accountId, sid: draft.sid }) }
    },

    begin: async ({ client }, draft, opened) => {
      metrics.login('signed_in')
      const session = draft.toSession(opened)
      if (!opened.isKnownDevice) await notices.notifyOwner(session.user.id, 'newDevice', client)
      return grant(session, draft.deviceToken)
    },

    repeat: async ({ accountId = '', sid = '' }) => {
      const opened = await sessions.reopen(accountId, sid)
      if (!opened) throw new Problem('CHALLENGE_INVALID')
      return grant(opened.session, opened.deviceToken)
    }
  }
}
