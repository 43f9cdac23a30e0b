import type { Account } from '../accounts/accounts-store.ts'
import { encodeActor } from '../activity/activity.ts'
import { newId } from '../../platform/ids.ts'
import { keys } from '../../platform/redis/keys.ts'
import type { RunScript } from '../../platform/redis/scripts.ts'
import { type GenerationClaims, GRACE_MS } from '../sessions/generation-token.ts'
import { listRecords, seen, type Seen } from '../sessions/session-summary.ts'
import type { Client } from '../sessions/session.ts'
import type { SessionDraft } from '../sessions/sessions-store.ts'

/** A device is trusted for this long, however often it is used: then it proves itself by a code again. */
export const TRUSTED_LIFE_MS = 30 * 86_400_000
/** More browsers than anybody has; the one used longest ago goes. */
const MOST_DEVICES = 50

/** A trusted device as its owner sees it. The id opens nothing. */
export interface TrustedBrowserView extends Seen { expiresAt: string }

export type TrustedSignIn =
  | { outcome: 'ok', generation: number, lifeSeconds: number, opened: { user: Array<string | null>, isKnownDevice: boolean } }
  | { outcome: 'stale' | 'unknown' | 'reused' | 'ahead' }

/** Browsers that need no code after a right password. */
export interface TrustedBrowsersStore {
  /** Trusts the device of a session; `replacedId` is the record it had before. Answers the id of generation 1, null when the session has ended. */
  open: (accountId: string, sid: string, replacedId: string, client: Client) => Promise<string | null>
  /** Opens the drafted session and turns the generation, once, after a right password; a copied token ends the trust. */
  signIn: (account: Pick<Account, 'id' | 'credentialVersion'>, claims: GenerationClaims, client: Client, draft: SessionDraft) => Promise<TrustedSignIn>
  /** The one used last first. */
  list: (accountId: string) => Promise<TrustedBrowserView[]>
  /** False when there was no such device. */
  end: (accountId: string, deviceId: string, client: Client) => Promise<boolean>
}

/** Devices that were trusted before `epochMs` are so no more, though a restored Redis still holds them. */
export function createTrustedBrowsersStore (run: RunScript, epochMs: number): TrustedBrowsersStore {
  return {
    open: async (accountId, sid, replacedId, client) => {
      const key = keys.account(accountId)
      const deviceId = newId()
      const [word] = await run<['ok'] | ['ended']>('trusted-open',
        [key.record, key.session(sid), key.trustedBrowser(deviceId), key.trustedBrowsers],
        [deviceId, TRUSTED_LIFE_MS, MOST_DEVICES, key.trustedBrowser(''), replacedId, client.ip, client.device, encodeActor(client)])
      return word === 'ok' ? deviceId : null
    },

    signIn: async ({ id, credentialVersion }, claims, client, draft) => {
      const key = keys.account(id)
      const answer = await run<['ok', number, Array<string | null>, number, number] | ['stale'] | ['unknown'] | ['reused'] | ['ahead']>('trusted-login',
        [key.record, key.trustedBrowser(claims.id), key.trustedBrowsers, ...draft.keys],
        [credentialVersion, claims.id, claims.generation, GRACE_MS, TRUSTED_LIFE_MS, epochMs, encodeActor(client), ...draft.args])
      if (answer[0] !== 'ok') return { outcome: answer[0] }
      const [, isKnown, user, generation, lifeMs] = answer
      return { outcome: 'ok', generation, lifeSeconds: Math.floor(lifeMs / 1000), opened: { user, isKnownDevice: isKnown === 1 } }
    },

    list: async (accountId) => {
      const key = keys.account(accountId)
      const records = await listRecords(run, key.trustedBrowsers, key.trustedBrowser(''), TRUSTED_LIFE_MS, Number.MAX_SAFE_INTEGER)
      return records.filter(({ createdAt }) => createdAt >= epochMs).map((record) => ({ ...seen(record), expiresAt: new Date(record.createdAt + TRUSTED_LIFE_MS).toISOString() }))
    },

    end: async (accountId, deviceId, client) => {
      const key = keys.account(accountId)
      const [, ended] = await run<['ok', number]>('record-end',
        [key.trustedBrowser(deviceId), key.trustedBrowsers, key.record], [deviceId, encodeActor(client), 'trusted_device_ended'])
      return ended === 1
    }
  }
}
