import { now } from '../../platform/clock.ts'
import { newId } from '../../platform/ids.ts'
import { createOutbox } from '../../platform/mail/outbox.ts'
import { keys } from '../../platform/redis/keys.ts'
import { patiently } from '../../platform/redis/patience.ts'
import type { Client } from '../../records/activity/actor.ts'
import type { Link } from '../../records/links/link.ts'
import { createLinksStore } from '../../records/links/links-store.ts'
import type { Opened } from './open.ts'

/** Until then the account has its link. A mail whose link no account has is never sent. */
const DELAY_MS = 2_000

/** A `LinkJob`, as the mail thread of a server reads it. */
interface InvitationJob extends Link { kind: 'link', client: Client, at: number }

export interface ImportInvitations {
  /** Mails a link to the owner of an invited account, unless that has one already. Safe to repeat. */
  mail: (accountId: string) => Promise<void>
  close: () => Promise<void>
}

/** Leaves the mails in the outbox; a server sends them. */
export function openInvitations ({ redis, run, durably }: Opened): ImportInvitations {
  const outbox = createOutbox<InvitationJob>({ connection: redis, durably, prefix: keys.mail })
  const links = createLinksStore(redis, run)
  const client = { ip: '', device: '' }

  return {
    mail: async (accountId) => {
      await patiently(async () => {
        if (await links.invitationOf(accountId)) return
        const link: Link = { purpose: 'invitation', accountId, linkId: newId() }
        // The mail first: cut off in between, the next run mails another link, and this one leads nowhere and is dropped.
        await outbox.add({ kind: 'link', ...link, client, at: now() }, { delayMs: DELAY_MS })
        await links.renew(accountId, link.linkId, { ...client, by: 'operator' })
      })
    },
    close: async () => { await outbox.close() }
  }
}
