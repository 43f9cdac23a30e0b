import { Problem } from '../errors.ts'
import type { Keyring } from '../platform/keyring.ts'
import type { Account } from '../records/accounts/accounts-store.ts'
import type { ActivityStore } from '../records/activity/activity-store.ts'
import { isId } from '../platform/ids.ts'
import { refusal } from '../records/refusals.ts'
import { type GenerationClaims, makeGenerationToken, readGenerationToken } from '../records/sessions/generation-token.ts'
import { TRUSTED_LIFE_MS, type TrustedBrowsersStore, type TrustedBrowserView } from '../records/trusted-browsers/trusted-browsers-store.ts'
import type { Notices } from './notices.ts'
import type { Principal, Requester } from './requester.ts'
import type { SessionGrant, SessionGrants } from './session-grant.ts'

/** What the browser keeps as proof that it is trusted. */
export interface TrustedToken { token: string, maxAgeSeconds: number }

export type TrustedSignIn =
  | { kind: 'signed-in', grant: SessionGrant, trusted: TrustedToken }
  /** The second step is asked. `isForgotten`: what the browser holds is worth nothing any more. */
  | { kind: 'not-trusted', isForgotten: boolean }

/** Browsers that skip the second step. They prove nothing recent, and open nothing that asks for a code. */
export interface TrustedBrowsers {
  /**
   * Lets this browser skip the second step from now on; asked for by the person who has just passed it. Null when the session has ended.
   */
  trust: (requester: Requester, accountId: string, sid: string) => Promise<TrustedToken | null>
  /** Signs in by a trusted browser, after a right password. @throws Problem CREDENTIALS_INVALID (the account changed meanwhile) */
  signIn: (requester: Requester, account: Account) => Promise<TrustedSignIn>
  list: (requester: Requester, principal: Principal) => Promise<Array<TrustedBrowserView & { current: boolean }>>
  /** True when it was this browser. @throws Problem NOT_FOUND */
  end: (requester: Requester, principal: Principal, id: string) => Promise<boolean>
}

interface Dependencies {
  trustedBrowsers: TrustedBrowsersStore
  activity: Pick<ActivityStore, 'add'>
  grants: Pick<SessionGrants, 'draft' | 'begin'>
  notices: Notices
  keyring: Keyring
}

export function createTrustedBrowsers ({ trustedBrowsers, activity, grants, notices, keyring }: Dependencies): TrustedBrowsers {
  /** What the browser's token names, if one of our keys made it for this account. */
  function claimsOf ({ trustedToken }: Requester, accountId: string): GenerationClaims | null {
    const claims = trustedToken ? readGenerationToken(keyring, 'trusted', trustedToken) : null
    return claims?.accountId === accountId ? claims : null
  }
  const tokenOf = (claims: GenerationClaims): string => makeGenerationToken(keyring, 'trusted', claims)

  async function reportRefused (
    { client, log }: Requester, { accountId, id }: GenerationClaims, outcome: 'reused' | 'ahead'
  ): Promise<void> {
    log.warn({ event: 'trusted.refused', outcome, account: accountId, trusted: id, ...client }, 'a trusted browser is trusted no more')
    // Ahead means that Redis lost what it had: nobody stole anything.
    if (outcome === 'reused') await notices.notifyOwner(accountId, 'trustedDeviceReused', client)
  }

  return {
    trust: async (requester, accountId, sid) => {
      const id = await trustedBrowsers.open({ accountId, sid, client: requester.client }, claimsOf(requester, accountId)?.id)
      return id === null ? null : { token: tokenOf({ accountId, id, generation: 1 }), maxAgeSeconds: TRUSTED_LIFE_MS / 1000 }
    },

    signIn: async (requester, account) => {
      const claims = claimsOf(requester, account.id)
      if (!claims) return { kind: 'not-trusted', isForgotten: false }
      const draft = grants.draft(requester, account.id, ['pwd', 'device'], { isFresh: false })
      const signIn = await trustedBrowsers.signIn(account, claims, draft)
      if (signIn.outcome === 'stale') throw refusal({ outcome: 'stale' })
      if (signIn.outcome !== 'ok') {
        if (signIn.outcome !== 'unknown') await reportRefused(requester, claims, signIn.outcome)
        return { kind: 'not-trusted', isForgotten: true }
      }
      const grant = await grants.begin(requester, draft, signIn.opened)
      const token = tokenOf({ ...claims, generation: signIn.generation })
      return { kind: 'signed-in', grant, trusted: { token, maxAgeSeconds: signIn.lifeSeconds } }
    },

    list: async (requester, { user }) => {
      const current = claimsOf(requester, user.id)?.id
      const browsers = await trustedBrowsers.list(user.id)
      return browsers.map((browser) => ({ ...browser, current: browser.id === current }))
    },

    end: async (requester, { user }, id) => {
      const isEnded = isId(id) && await trustedBrowsers.end(user.id, id, requester.client)
      if (!isEnded) {
        await activity.add(user.id, requester.client, { event: 'trusted_device_ended', result: 'unknown' })
        throw new Problem('NOT_FOUND')
      }
      return claimsOf(requester, user.id)?.id === id
    }
  }
}
