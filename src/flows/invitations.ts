import { Problem } from '../errors.ts'
import { now } from '../platform/clock.ts'
import { hashToken, newId } from '../platform/ids.ts'
import type { Keyring } from '../platform/keyring.ts'
import type { Locale } from '../platform/locales/index.ts'
import type { Claims } from '../records/accounts/account.ts'
import type { AccountsStore } from '../records/accounts/accounts-store.ts'
import type { AddressBindingsStore } from '../records/accounts/address-bindings-store.ts'
import type { AddressTags } from '../records/accounts/address-tags.ts'
import { canonicalAddress } from '../records/accounts/address.ts'
import type { AdminActor, AdminStore, AdminUser } from '../records/accounts/administration-store.ts'
import type { Client } from '../records/activity/actor.ts'
import { type Link, readLinkToken } from '../records/links/link.ts'
import type { LinksStore, LinkView } from '../records/links/links-store.ts'
import { requireKnownFacts } from './account-facts.ts'
import { bindingOf, type RecordOperation } from './admin-log.ts'
import type { RunOnce } from './idempotency.ts'
import type { Mailer } from './mail-jobs.ts'
import type { NewPasswords } from './new-password.ts'
import type { Requester } from './requester.ts'

export interface InvitationRequest {
  email: string
  name?: string | undefined
  locale?: Locale | undefined
  roles?: string[] | undefined
  claims?: Claims | undefined
}

/** What the person chooses who accepts an invitation. */
export interface Acceptance { token: string, name: string | undefined, password: string, locale: Locale | undefined }

export interface Invitations {
  /** Makes an account that waits for its owner, and mails the link. @throws Problem CONFLICT (taken or invited), VALIDATION_FAILED */
  invite: (requester: Requester, request: InvitationRequest) => Promise<AdminUser>
  /** A new link; the older one is dead. @throws Problem NOT_FOUND, CONFLICT (accepted) */
  renew: (requester: Requester, accountId: string) => Promise<AdminUser>
  /** Whom a link invites. Changes nothing. @throws Problem CHALLENGE_INVALID */
  look: (token: string) => Promise<LinkView>
  /** The account is its owner's from now on; it signs nobody in. @throws Problem CHALLENGE_INVALID, PASSWORD_WEAK, VALIDATION_FAILED */
  accept: (requester: Requester, acceptance: Acceptance) => Promise<{ email: string, locale: Locale }>
}

interface Dependencies {
  accounts: Pick<AccountsStore, 'find'>
  addressBindings: Pick<AddressBindingsStore, 'bind' | 'isTaken' | 'release' | 'takeMail'>
  addressTags: Pick<AddressTags, 'of'>
  administration: Pick<AdminStore, 'find'>
  links: Pick<LinksStore, 'find' | 'invite' | 'renew' | 'accept'>
  mailer: Pick<Mailer, 'send'>
  newPasswords: NewPasswords
  recordOperation: RecordOperation
  runOnce: RunOnce
  keyring: Keyring
  roles: readonly string[]
  defaultLocale: Locale
}

export function createInvitations (dependencies: Dependencies): Invitations {
  const { accounts, addressBindings, addressTags, administration, links, mailer } = dependencies
  const { newPasswords, recordOperation, runOnce, keyring, roles, defaultLocale } = dependencies

  async function find (id: string): Promise<AdminUser> {
    const user = await administration.find(id)
    if (!user) throw new Problem('NOT_FOUND')
    return user
  }

  /** The outbox takes a mail with this id once, however often a request comes again. */
  async function mail ({ purpose, accountId, linkId }: Link, client: Client): Promise<void> {
    await mailer.send({ kind: 'link', purpose, accountId, linkId, client, at: now() }, { id: hashToken(`link ${linkId}`) })
  }

  /** Address and account are two slots: after a crash the same request goes on, and else the address is free again in ten minutes. */
  async function create (request: InvitationRequest, email: string, link: Link, by: AdminActor): Promise<void> {
    const { accountId, linkId } = link
    const addressTag = await addressTags.of(email)
    const version = await addressBindings.bind(accountId, addressTag)
    const fields = {
      email,
      name: request.name?.trim() ?? '',
      locale: request.locale ?? defaultLocale,
      ...request.roles?.length ? { roles: request.roles.join(' ') } : {},
      ...Object.keys(request.claims ?? {}).length > 0 ? { claims: JSON.stringify(request.claims) } : {}
    }
    await links.invite({ accountId, linkId, fields }, by.actor).catch(async (error: unknown) => {
      if (error instanceof Problem) await addressBindings.release(accountId, addressTag, version)
      throw error
    })
  }

  async function requireLink (token: string): Promise<{ link: Link, view: LinkView }> {
    const link = readLinkToken(keyring, token)
    const view = link?.purpose === 'invitation' ? await links.find(link, now()) : null
    if (!link || !view) throw new Problem('CHALLENGE_INVALID')
    return { link, view }
  }

  return {
    invite: async (requester, request) => {
      const email = canonicalAddress(request.email)
      const addressTag = await addressTags.of(email)
      requireKnownFacts(request, roles)
      return await runOnce(requester, { owner: { addressTag }, binding: bindingOf(requester) }, async (claim) => {
        await addressBindings.takeMail(addressTag)
        const accountId = claim?.newId('account') ?? newId()
        // Not this very invitation, whose server died before it could answer.
        if (await addressBindings.isTaken(addressTag) && !await accounts.find(accountId)) throw new Problem('CONFLICT')
        const link: Link = { purpose: 'invitation', accountId, linkId: claim?.newId('link') ?? newId() }
        await recordOperation(requester, { accountId, aim: 'invited' }, async (by) => {
          await create(request, email, link, by)
          return { result: null, events: ['invited'] }
        })
        claim?.record({ accountId })
        await mail(link, requester.client)
        return await find(accountId)
      }, async ({ accountId = '' }) => await find(accountId))
    },

    renew: async (requester, accountId) => {
      const user = await accounts.find(accountId)
      if (!user) throw new Problem('NOT_FOUND')
      const scope = { owner: { accountId }, binding: bindingOf(requester) }
      return await runOnce(requester, scope, async (claim) => {
        if (user.status === 'invited') await addressBindings.takeMail(await addressTags.of(user.email))
        const link: Link = { purpose: 'invitation', accountId, linkId: claim?.newId('link') ?? newId() }
        await recordOperation(requester, { accountId, aim: 'invited' }, async ({ actor }) => {
          await links.renew(accountId, link.linkId, actor, claim?.record({}))
          return { result: null, events: ['invited'] }
        })
        await mail(link, requester.client)
        return await find(accountId)
      }, async () => await find(accountId))
    },

    look: async (token) => (await requireLink(token)).view,

    accept: async (requester, { token, password, ...chosen }) => {
      const named = readLinkToken(keyring, token)
      if (!named) throw new Problem('CHALLENGE_INVALID')
      const scope = { owner: { accountId: named.accountId }, binding: named.linkId }
      return await runOnce(requester, scope, async (claim) => {
        const { link, view: { user, email } } = await requireLink(token)
        const name = (chosen.name ?? user.name).trim()
        const locale = chosen.locale ?? user.locale
        if (name === '') throw new Problem('VALIDATION_FAILED', { errors: [{ path: '/name', reason: 'required', value: 'name' }] })
        await newPasswords.requireStrong('/password', password, { email, name, isTwoFactorEnabled: true })
        const wanted = { name, locale, password: await newPasswords.hash(password) }
        await links.accept(link, wanted, requester.client, claim?.record({}))
        return { email: user.email, locale }
      }, async () => {
        const user = await accounts.find(named.accountId)
        if (!user) throw new Problem('CHALLENGE_INVALID')
        return { email: user.email, locale: user.locale }
      })
    }
  }
}
