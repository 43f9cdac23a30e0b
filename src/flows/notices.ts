import { now } from '../platform/clock.ts'
import type { Keyring } from '../platform/keyring.ts'
import type { AddOptions } from '../platform/mail/outbox.ts'
import type { User } from '../records/accounts/account.ts'
import type { Client } from '../records/activity/actor.ts'
import type { Mailer, Notice, SealedNotice } from './mail-jobs.ts'
import { sealReader } from './sealed-reader.ts'

/** Tells people what was done to their account. */
export interface Notices {
  /** Mails the account's owner. A notice that cannot be queued is logged; it stops nothing. */
  notifyOwner: (accountId: string, notice: Notice, client: Client) => Promise<void>
  /** Mails the address that this person has (or had until now), whatever becomes of the account. Rejects when it cannot. */
  notifyAddress: (person: User, notice: SealedNotice, client: Client, options?: AddOptions) => Promise<void>
}

export function createNotices ({ mailer, keyring }: { mailer: Mailer, keyring: Keyring }): Notices {
  return {
    notifyOwner: async (accountId, notice, client) => { await mailer.notify({ kind: 'notice', notice, accountId, client, at: now() }) },
    notifyAddress: async ({ id, email, name, locale }, notice, client, options) => {
      const reader = sealReader(keyring, id, { to: email, name, locale })
      await mailer.send({ kind: 'sealed-notice', notice, accountId: id, reader, client, at: now() }, options)
    }
  }
}
