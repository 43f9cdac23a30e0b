import { Problem } from '../../errors.ts'
import type { RedisClient } from '../../platform/redis/connect.ts'
import { keys } from '../../platform/redis/keys.ts'
import type { RunScript } from '../../platform/redis/script.ts'
import { NOBODY, readUser } from '../accounts/account.ts'
import type { SessionActor } from '../activity/actor.ts'
import type { ProvenSession } from '../challenges/reauthentication-store.ts'
import { refusal } from '../refusals.ts'
import { type Amr, formatAmr } from '../sessions/amr.ts'
import type { OpenedSession } from '../sessions/session.ts'
import type { SessionDraft } from '../sessions/sessions-store.ts'
import { addPasskey, passkeyLogin, passkeyReauthentication, removePasskey, renamePasskey } from './passkey-scripts.ts'
import { encodeUse, type Passkey, type PasskeyUse, type PasskeyView, readPasskey, viewPasskey } from './passkey.ts'

const PASSKEYS_PER_ACCOUNT = 20

/** How a passkey alone proves who somebody is: its possession, and what its owner knows or is. */
export const BY_PASSKEY: Amr[] = ['pop', 'mfa']

export interface PasskeysStore {
  /** One of them; '' as the account's id looks for nobody's, so that both cases take the same steps. */
  find: (accountId: string, id: string) => Promise<Passkey | null>
  /** The oldest first. */
  list: (accountId: string) => Promise<Passkey[]>
  /** Opens a drafted session by a passkey alone. @throws Problem PASSKEY_INVALID */
  signIn: (use: PasskeyUse, draft: SessionDraft) => Promise<OpenedSession>
  /** Makes a session recent by a passkey alone. @throws Problem PASSKEY_INVALID, SESSION_ENDED */
  prove: (session: SessionActor, use: PasskeyUse) => Promise<ProvenSession>
  /** @throws Problem CONFLICT (there are 20), PASSKEY_INVALID (it is there already), SESSION_ENDED */
  add: (session: SessionActor, passkey: Passkey) => Promise<void>
  /** @throws Problem NOT_FOUND, SESSION_ENDED */
  rename: (session: SessionActor, id: string, name: string) => Promise<PasskeyView>
  /** @throws Problem CONFLICT (the mailed code is off, and too little would be left), NOT_FOUND, SESSION_ENDED */
  remove: (session: SessionActor, id: string) => Promise<void>
}

export function createPasskeysStore (redis: RedisClient, run: RunScript): PasskeysStore {
  return {
    find: async (accountId, id) => {
      const stored = await redis.hget(keys.account(accountId || NOBODY).passkeys, id)
      return stored === null ? null : readPasskey(id, stored)
    },

    list: async (accountId) => {
      const found = Object.entries(await redis.hgetall(keys.account(accountId).passkeys))
      return found.map(([id, stored]) => readPasskey(id, stored)).sort((a, b) => a.createdAt - b.createdAt)
    },

    signIn: async (use, draft) => {
      const { record } = keys.account(use.accountId)
      const answer = await run(passkeyLogin, { account: record, ...draft.keys }, { proof: encodeUse(use), ...draft.args })
      if (answer.outcome !== 'ok') throw refusal(answer)
      return { ...answer, user: readUser(use.accountId, answer.user) }
    },

    prove: async ({ accountId, sid, client }, use) => {
      const key = keys.account(accountId)
      const answer = await run(passkeyReauthentication, { account: key.record, session: key.session(sid) },
        { proof: encodeUse(use), actor: client, amr: formatAmr(BY_PASSKEY) })
      if (answer.outcome !== 'ok') throw refusal(answer)
      return { user: readUser(accountId, answer.user), sid, amr: BY_PASSKEY, authTime: Math.floor(answer.authAtMs / 1000) }
    },

    add: async ({ accountId, sid, client }, { id, ...passkey }) => {
      const key = keys.account(accountId)
      const answer = await run(addPasskey, { account: key.record, session: key.session(sid), passkeys: key.passkeys },
        { sid, id, passkey: JSON.stringify(passkey), mostPasskeys: PASSKEYS_PER_ACCOUNT, actor: client })
      if (answer.outcome === 'full') throw new Problem('CONFLICT')
      if (answer.outcome !== 'ok') throw refusal(answer)
    },

    rename: async ({ accountId, sid, client }, id, name) => {
      const key = keys.account(accountId)
      const answer = await run(renamePasskey, { account: key.record, session: key.session(sid), passkeys: key.passkeys },
        { id, name, actor: client })
      if (answer.outcome === 'none') throw new Problem('NOT_FOUND')
      if (answer.outcome !== 'ok') throw refusal(answer)
      return viewPasskey(readPasskey(id, answer.passkey))
    },

    remove: async ({ accountId, sid, client }, id) => {
      const key = keys.account(accountId)
      const { record, passkeys, recovery } = key
      const answer = await run(removePasskey, { account: record, session: key.session(sid), passkeys, recovery },
        { sid, id, actor: client })
      if (answer.outcome === 'none') throw new Problem('NOT_FOUND')
      if (answer.outcome === 'only') throw new Problem('CONFLICT')
      if (answer.outcome !== 'ok') throw refusal(answer)
    }
  }
}
