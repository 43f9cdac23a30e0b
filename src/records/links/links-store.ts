import { Problem } from '../../errors.ts'
import type { RedisClient } from '../../platform/redis/connect.ts'
import { keys } from '../../platform/redis/keys.ts'
import { defineScript, flag, integer, type OutcomeRecord, pairs, type RunScript, text } from '../../platform/redis/script.ts'
import { readUser, USER_FIELDS, type User } from '../accounts/account.ts'
import type { NewPassword } from '../accounts/credentials-store.ts'
import { type Actor, actor, type Client } from '../activity/actor.ts'
import { type Link, LINK_LIFE_MS } from './link.ts'

const createInvitation = defineScript(new URL('./invitation-create.lua', import.meta.url), {
  keys: ['account'],
  args: { actor, linkId: text, linkLifeMs: integer },
  rest: { fields: pairs },
  answers: { ok: {}, taken: {} },
  tells: ['account.created']
})

const renewInvitation = defineScript(new URL('./invitation-renew.lua', import.meta.url), {
  keys: ['account'],
  args: { actor, linkId: text, linkLifeMs: integer },
  answers: { ok: {}, gone: {}, accepted: {} },
  tells: 'an invitation stays one'
})

const acceptInvitation = defineScript(new URL('./invitation-accept.lua', import.meta.url), {
  keys: ['account'],
  args: { actor, linkId: text, name: text, locale: text, record: text, isLong: flag },
  answers: { ok: {}, gone: {} },
  tells: ['account.updated']
})

const proveEmailLink = defineScript(new URL('./email-link-prove.lua', import.meta.url), {
  keys: ['account', 'otherAddresses'],
  args: { linkId: text, newTag: text },
  answers: { ok: {}, gone: {} },
  tells: 'the address changes with email-link-complete'
})

const completeEmailLink = defineScript(new URL('./email-link-complete.lua', import.meta.url), {
  keys: ['account', 'otherAddresses'],
  args: { actor, linkId: text, email: text, newTag: text, oldTag: text },
  answers: { ok: {}, gone: {} },
  tells: ['account.updated', 'sessions.ended']
})

/** What a living link leads to. */
export interface LinkView {
  user: User
  /** The address that it is sent to and proves. */
  email: string
  endsAtMs: number
}

export interface NewInvitation { accountId: string, linkId: string, fields: Readonly<Record<string, string>> }

/** Links that prove the mailbox they are sent to. Each is good for one account and once. */
export interface LinksStore {
  /** Null when it was used, renewed or has ended. */
  find: (link: Link, now: number) => Promise<LinkView | null>
  /** The running link of an invited account; null where there is none. */
  invitationOf: (accountId: string) => Promise<Link | null>
  /** Makes an invited account, whose address is bound to it already. @throws Problem CONFLICT */
  invite: (invitation: NewInvitation, by: Actor) => Promise<void>
  /** @throws Problem NOT_FOUND, CONFLICT (it was accepted) */
  renew: (accountId: string, linkId: string, by: Actor, record?: OutcomeRecord) => Promise<void>
  /** Once. @throws Problem CHALLENGE_INVALID */
  accept: (
    link: Link, chosen: { name: string, locale: string, password: NewPassword }, client: Client, record?: OutcomeRecord
  ) => Promise<void>
  /** Before the new address is bound. @throws Problem CHALLENGE_INVALID */
  prove: (link: Link, newTag: string) => Promise<void>
  /** Sets the bound address, once, and ends everything. @throws Problem CHALLENGE_INVALID */
  complete: (link: Link, address: { email: string, newTag: string, oldTag: string }, client: Client) => Promise<void>
}

export function createLinksStore (redis: RedisClient, run: RunScript): LinksStore {
  const recordOf = (accountId: string): { account: string, otherAddresses: string } => {
    const { record: account, otherAddresses } = keys.account(accountId)
    return { account, otherAddresses }
  }
  const requireLiving = ({ outcome }: { outcome: string }): void => { if (outcome !== 'ok') throw new Problem('CHALLENGE_INVALID') }

  return {
    find: async ({ purpose, accountId, linkId }, now) => {
      const fields = purpose === 'invitation' ? ['inviteId', 'inviteEndsAt', 'email'] : ['newEmailId', 'newEmailEndsAt', 'newEmail']
      const values = await redis.hmget(keys.account(accountId).record, ...USER_FIELDS, ...fields)
      const [id, endsAt, email] = values.slice(USER_FIELDS.length)
      if (!email || id !== linkId || now >= Number(endsAt)) return null
      const user = readUser(accountId, values)
      return user.status === (purpose === 'invitation' ? 'invited' : 'active') ? { user, email, endsAtMs: Number(endsAt) } : null
    },

    invitationOf: async (accountId) => {
      const linkId = await redis.hget(keys.account(accountId).record, 'inviteId')
      return linkId ? { purpose: 'invitation', accountId, linkId } : null
    },

    invite: async ({ accountId, linkId, fields }, by) => {
      const { account } = recordOf(accountId)
      const { outcome } = await run(createInvitation, { account }, { actor: by, linkId, linkLifeMs: LINK_LIFE_MS, fields })
      if (outcome !== 'ok') throw new Problem('CONFLICT')
    },

    renew: async (accountId, linkId, by, record) => {
      const { account } = recordOf(accountId)
      const { outcome } = await run(renewInvitation, { account }, { actor: by, linkId, linkLifeMs: LINK_LIFE_MS }, record)
      if (outcome === 'accepted') throw new Problem('CONFLICT')
      if (outcome !== 'ok') throw new Problem('NOT_FOUND')
    },

    accept: async ({ accountId, linkId }, { name, locale, password }, client, record) => {
      const { account } = recordOf(accountId)
      requireLiving(await run(acceptInvitation, { account },
        { actor: client, linkId, name, locale, record: password.record, isLong: password.isLong }, record))
    },

    prove: async ({ accountId, linkId }, newTag) => {
      requireLiving(await run(proveEmailLink, recordOf(accountId), { linkId, newTag }))
    },

    complete: async ({ accountId, linkId }, address, client) => {
      requireLiving(await run(completeEmailLink, recordOf(accountId), { actor: client, linkId, ...address }))
    }
  }
}
