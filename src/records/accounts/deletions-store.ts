import type { Actor, SessionActor } from '../activity/actor.ts'
import { Problem } from '../../errors.ts'
import { MERGED_NOTICES } from '../notices/notices-store.ts'
import type { AddressTags } from './address-tags.ts'
import { keys } from '../../platform/redis/keys.ts'
import type { RunScript } from '../../platform/redis/script.ts'
import { deleteAccount } from './account-scripts.ts'
import type { AddressBindingsStore } from './address-bindings-store.ts'

interface AccountKeys {
  record: string
  otherAddresses: string
  fixed: string[]
  indexed: Array<{ index: string, prefix: string }>
}

/**
 * All keys that an account can have: those with a fixed name, and those that an index names. A new key of an account belongs in
 * here; a test compares this with src/platform/redis/keys.ts.
 */
export function keysOf (accountId: string): AccountKeys {
  const key = keys.account(accountId)
  return {
    record: key.record,
    otherAddresses: key.otherAddresses,
    fixed: [
      key.failures, key.mails, key.devices, key.activity, key.totp, key.totpPending, key.recovery, key.passkeys, key.idempotency,
      ...[...MERGED_NOTICES.keys()].map((notice) => key.notice(notice))
    ],
    indexed: [
      { index: key.sessions, prefix: key.session('') },
      { index: key.attempts, prefix: key.attempt('') },
      { index: key.trustedBrowsers, prefix: key.trustedBrowser('') }
    ]
  }
}

export interface DeletionsStore {
  /** Deletes an account with everything of it, for good. @throws Problem CONFLICT (an admin gives up the role first), SESSION_ENDED */
  delete: (session: SessionActor) => Promise<void>
  /** The same by somebody else, who has dropped an admin from the list of admins before. @throws Problem NOT_FOUND, FORBIDDEN */
  deleteBy: (accountId: string, by: Actor, options: { mayBeAdmin: boolean }) => Promise<void>
  /** Releases the address of an account that is gone already: finishes a deletion after a crash. Safe to repeat. */
  forgetAddress: (accountId: string, email: string) => Promise<void>
}

export function createDeletionsStore (run: RunScript, tags: AddressTags, bindings: AddressBindingsStore): DeletionsStore {
  const forgetAddress = async (accountId: string, email: string): Promise<void> => {
    await bindings.release(accountId, await tags.of(email), '')
  }

  async function erase (accountId: string, actor: Actor, { sid, mayBeAdmin }: { sid?: string, mayBeAdmin: boolean }) {
    const key = keys.account(accountId)
    const { record: account, otherAddresses, sessions, attempts, trustedBrowsers } = key
    const { outcome, ...gone } = await run(deleteAccount,
      {
        account, session: key.session(sid ?? ''), otherAddresses, sessions, attempts, trustedBrowsers, others: keysOf(accountId).fixed
      },
      {
        actor,
        isAsked: sid !== undefined,
        mayBeAdmin,
        sessionPrefix: key.session(''),
        attemptPrefix: key.attempt(''),
        trustedBrowserPrefix: key.trustedBrowser('')
      })
    if (!('email' in gone)) return outcome
    await Promise.all([
      forgetAddress(accountId, gone.email), ...gone.otherTags.map(async (tag) => await bindings.release(accountId, tag, ''))
    ])
    return outcome
  }

  return {
    forgetAddress,

    delete: async ({ accountId, sid, client }) => {
      const outcome = await erase(accountId, client, { sid, mayBeAdmin: false })
      if (outcome === 'admin') throw new Problem('CONFLICT')
      if (outcome !== 'ok') throw new Problem('SESSION_ENDED')
    },

    deleteBy: async (accountId, by, { mayBeAdmin }) => {
      const outcome = await erase(accountId, by, { mayBeAdmin })
      if (outcome === 'admin') throw new Problem('FORBIDDEN')
      if (outcome !== 'ok') throw new Problem('NOT_FOUND')
    }
  }
}
