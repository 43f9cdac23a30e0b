import { readUser } from '../accounts/account.ts'
import type { Account } from '../accounts/accounts-store.ts'
import { actor, type Client, type SessionActor } from '../activity/actor.ts'
import { newId } from '../../platform/ids.ts'
import { keys } from '../../platform/redis/keys.ts'
import { defineScript, flag, integer, optional, row, type RunScript, text } from '../../platform/redis/script.ts'
import { type GenerationClaims, GRACE_MS } from '../sessions/generation-token.ts'
import { endRecord, opensSession, sessionArgs, sessionKeys } from '../sessions/session-scripts.ts'
import { listLiving, type RecordSummary, summarize } from '../sessions/session-summary.ts'
import type { OpenedSession } from '../sessions/session.ts'
import type { SessionDraft } from '../sessions/sessions-store.ts'

/** A browser is trusted for this long, however often it is used: then it proves itself by a code again. */
export const TRUSTED_LIFE_MS = 30 * 86_400_000
/** More browsers than anybody has; the one used longest ago goes. */
const MOST_BROWSERS = 50

const openTrustedBrowser = defineScript(new URL('./trusted-browser-open.lua', import.meta.url), {
  keys: ['account', 'session', 'trustedBrowser', 'trustedBrowsers'],
  args: { trustedId: text, lifeMs: integer, mostBrowsers: integer, prefix: text, replacedId: optional(text), actor },
  answers: { ok: {}, ended: {} },
  tells: 'a session goes on as it was'
})

const loginTrustedBrowser = defineScript(new URL('./trusted-browser-login.lua', import.meta.url), {
  keys: ['account', 'trustedBrowser', 'trustedBrowsers', ...sessionKeys],
  args: {
    credentialVersion: text,
    trustedId: text,
    generation: integer,
    graceMs: integer,
    lifeMs: integer,
    epochMs: integer,
    ...sessionArgs
  },
  answers: {
    ok: { isKnownDevice: flag, authAtMs: integer, user: row, generation: integer, livesOnMs: integer },
    stale: {},
    unknown: {},
    reused: {},
    ahead: {}
  },
  tells: opensSession
})

/** A trusted browser as its owner sees it. The id opens nothing. */
export interface TrustedBrowserView extends RecordSummary { expiresAt: string }

export type TrustedSignIn =
  | { outcome: 'ok', generation: number, lifeSeconds: number, opened: OpenedSession }
  | { outcome: 'stale' | 'unknown' | 'reused' | 'ahead' }

/** Browsers that need no code after a right password. */
export interface TrustedBrowsersStore {
  /**
   * Trusts the browser of a session; `replacedId` is the record it had before. Answers the id of generation 1, null when the session
   * has ended.
   */
  open: (session: SessionActor, replacedId?: string) => Promise<string | null>
  /** Opens the drafted session and turns the generation, once, after a right password; a copied token ends the trust. */
  signIn: (account: Pick<Account, 'id' | 'credentialVersion'>, claims: GenerationClaims, draft: SessionDraft) => Promise<TrustedSignIn>
  /** The one used last first. */
  list: (accountId: string) => Promise<TrustedBrowserView[]>
  /** False when there was no such browser. */
  end: (accountId: string, trustedId: string, client: Client) => Promise<boolean>
}

/** Browsers that were trusted before `epochMs` are so no more, though a restored Redis still holds them. */
export function createTrustedBrowsersStore (run: RunScript, epochMs: number): TrustedBrowsersStore {
  return {
    open: async ({ accountId, sid, client }, replacedId) => {
      const key = keys.account(accountId)
      const { record, trustedBrowser, trustedBrowsers } = key
      const trustedId = newId()
      const { outcome } = await run(openTrustedBrowser,
        { account: record, session: key.session(sid), trustedBrowser: trustedBrowser(trustedId), trustedBrowsers },
        { trustedId, lifeMs: TRUSTED_LIFE_MS, mostBrowsers: MOST_BROWSERS, prefix: trustedBrowser(''), replacedId, actor: client })
      return outcome === 'ok' ? trustedId : null
    },

    signIn: async ({ id, credentialVersion }, claims, draft) => {
      const { record, trustedBrowser, trustedBrowsers } = keys.account(id)
      const { id: trustedId, generation } = claims
      const answer = await run(loginTrustedBrowser,
        { account: record, trustedBrowser: trustedBrowser(trustedId), trustedBrowsers, ...draft.keys },
        { credentialVersion, trustedId, generation, graceMs: GRACE_MS, lifeMs: TRUSTED_LIFE_MS, epochMs, ...draft.args })
      if (answer.outcome !== 'ok') return answer
      return {
        outcome: 'ok',
        generation: answer.generation,
        lifeSeconds: Math.floor(answer.livesOnMs / 1000),
        opened: { user: readUser(id, answer.user), isKnownDevice: answer.isKnownDevice, authAtMs: answer.authAtMs }
      }
    },

    list: async (accountId) => {
      const key = keys.account(accountId)
      const lives = { idleMs: TRUSTED_LIFE_MS, absoluteMs: Number.MAX_SAFE_INTEGER }
      const records = await listLiving(run, { index: key.trustedBrowsers, prefix: key.trustedBrowser(''), ...lives })
      return records.filter(({ createdAt }) => createdAt >= epochMs)
        .map((record) => ({ ...summarize(record), expiresAt: new Date(record.createdAt + TRUSTED_LIFE_MS).toISOString() }))
    },

    end: async (accountId, trustedId, client) => {
      const key = keys.account(accountId)
      const { outcome } = await run(endRecord, { record: key.trustedBrowser(trustedId), index: key.trustedBrowsers, account: key.record },
        { id: trustedId, isSession: false, actor: client, event: 'trusted_device_ended' })
      return outcome === 'ok'
    }
  }
}
