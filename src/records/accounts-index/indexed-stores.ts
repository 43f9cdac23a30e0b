import type { User } from '../accounts/account.ts'
import type { AccountsStore } from '../accounts/accounts-store.ts'
import type { AdminStore } from '../accounts/administration-store.ts'
import type { CredentialsStore } from '../accounts/credentials-store.ts'
import type { DeletionsStore } from '../accounts/deletions-store.ts'
import type { EmailChangesStore } from '../contacts/email-changes-store.ts'
import type { LinksStore } from '../links/links-store.ts'
import type { RegistrationsStore } from '../registrations/registrations-store.ts'
import type { AccountsIndexStore } from './accounts-index-store.ts'

interface Stores {
  accounts: Pick<AccountsStore, 'find'>
  administration: AdminStore
  credentials: CredentialsStore
  deletions: DeletionsStore
  emailChanges: EmailChangesStore
  links: LinksStore
  registrations: RegistrationsStore
}

/** The stores that change what accounts are found by, each telling the index. No change fails because the index could not be told. */
export function withIndex<All extends Stores> (stores: All, index: Pick<AccountsIndexStore, 'put'>): All {
  const { accounts, administration, credentials, deletions, emailChanges, links, registrations } = stores

  async function told<Result> (accountId: string, change: () => Promise<Result>): Promise<Result> {
    const before: User | null = await accounts.find(accountId)
    const result = await change()
    await accounts.find(accountId).then(async (after) => { await index.put(before, after) }).catch(() => {})
    return result
  }

  return {
    ...stores,
    administration: {
      ...administration,
      change: async (id, ...rest) => await told(id, async () => await administration.change(id, ...rest)),
      grant: async (id, actor) => await told(id, async () => await administration.grant(id, actor))
    },
    credentials: {
      ...credentials,
      change: async (session, change, record) => change.name === undefined
        ? await credentials.change(session, change, record)
        : await told(session.accountId, async () => await credentials.change(session, change, record))
    },
    deletions: {
      ...deletions,
      delete: async (session) => { await told(session.accountId, async () => { await deletions.delete(session) }) },
      deleteBy: async (id, ...rest) => { await told(id, async () => { await deletions.deleteBy(id, ...rest) }) }
    },
    emailChanges: {
      ...emailChanges,
      complete: async (session, ...rest) => await told(session.accountId, async () => await emailChanges.complete(session, ...rest))
    },
    links: {
      ...links,
      invite: async (invitation, by) => { await told(invitation.accountId, async () => { await links.invite(invitation, by) }) },
      accept: async (link, ...rest) => { await told(link.accountId, async () => { await links.accept(link, ...rest) }) },
      complete: async (link, ...rest) => { await told(link.accountId, async () => { await links.complete(link, ...rest) }) }
    },
    registrations: {
      ...registrations,
      complete: async (challenge, proven, draft) => {
        const opened = await registrations.complete(challenge, proven, draft)
        await index.put(null, opened.user).catch(() => {})
        return opened
      }
    }
  }
}
