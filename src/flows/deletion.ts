import { Problem } from '../errors.ts'
import { hashToken } from '../platform/ids.ts'
import type { User } from '../records/accounts/account.ts'
import type { DeletionsStore } from '../records/accounts/deletions-store.ts'
import type { Client } from '../records/activity/actor.ts'
import type { Notices } from './notices.ts'
import type { Principal, Requester } from './requester.ts'

/** Deletes the own account with everything of it, for good. @throws Problem CONFLICT (an admin gives up the role first), SESSION_ENDED */
export type DeleteAccount = (requester: Requester, principal: Principal) => Promise<void>

/** The deletion follows at once; a mail that was taken up earlier would have to wait for its next try. */
const NOTICE_DELAY_MS = 1_000

/** Before it is done: the worker that sends it finishes what a crash would leave of the address. */
export async function announceDeletion (notices: Notices, user: User, client: Client): Promise<void> {
  await notices.notifyAddress(user, 'accountDeleted', client, { id: hashToken(`deleted ${user.id}`), delayMs: NOTICE_DELAY_MS })
}

export function createDeleteAccount (
  { deletions, notices }: { deletions: Pick<DeletionsStore, 'delete'>, notices: Notices }
): DeleteAccount {
  return async ({ client, log }, { user, sid }) => {
    // The role is judged again by the script that deletes; this spares an admin the announcement of what will not be.
    if (user.role === 'admin') throw new Problem('CONFLICT')
    await announceDeletion(notices, user, client)
    await deletions.delete({ accountId: user.id, sid, client })
    log.info({ event: 'account.deleted', ...client }, 'an account was deleted by its owner')
  }
}
