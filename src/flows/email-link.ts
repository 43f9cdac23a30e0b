import { Problem } from '../errors.ts'
import { now } from '../platform/clock.ts'
import { hashToken } from '../platform/ids.ts'
import type { Keyring } from '../platform/keyring.ts'
import type { Locale } from '../platform/locales/index.ts'
import type { AccountsStore } from '../records/accounts/accounts-store.ts'
import type { AddressBindingsStore } from '../records/accounts/address-bindings-store.ts'
import type { AddressTags } from '../records/accounts/address-tags.ts'
import type { EmailChangesStore } from '../records/contacts/email-changes-store.ts'
import { readLinkToken } from '../records/links/link.ts'
import type { LinksStore } from '../records/links/links-store.ts'
import type { Notices } from './notices.ts'
import type { Requester } from './requester.ts'

/**
 * Its owner proves an address that an admin or a service has set: it becomes the account's, and everything of the account ends. In steps of
 * one slot each; after a crash the same link goes on. @throws Problem CHALLENGE_INVALID, CONFLICT (it has an account by now)
 */
export type ConfirmEmailLink = (requester: Requester, token: string) => Promise<{ locale: Locale }>

interface Dependencies {
  accounts: Pick<AccountsStore, 'find'>
  addressBindings: Pick<AddressBindingsStore, 'bind' | 'release' | 'version'>
  addressTags: Pick<AddressTags, 'of'>
  emailChanges: Pick<EmailChangesStore, 'leave'>
  links: Pick<LinksStore, 'find' | 'prove' | 'complete'>
  notices: Pick<Notices, 'notifyAddress'>
  keyring: Keyring
}

/** Lets one mail stand for all the calls that run at once. */
const NOTICE_DELAY_MS = 1_000

export function createConfirmEmailLink (dependencies: Dependencies): ConfirmEmailLink {
  const { accounts, addressBindings, addressTags, emailChanges, links, notices, keyring } = dependencies

  return async ({ client }, token) => {
    const link = readLinkToken(keyring, token)
    const view = link?.purpose === 'email' ? await links.find(link, now()) : null
    if (!link || !view) throw new Problem('CHALLENGE_INVALID')
    const { user, email } = view
    const [oldTag, newTag] = await Promise.all([addressTags.of(user.email), addressTags.of(email)])
    await links.prove(link, newTag)
    const oldVersion = await addressBindings.version(oldTag)
    const newVersion = await addressBindings.bind(user.id, newTag)
    // Announced before it is done, so that no crash keeps it from the old address; the worker waits until it is.
    await notices.notifyAddress(user, 'emailChanged', client, { id: hashToken(`changed ${link.linkId}`), delayMs: NOTICE_DELAY_MS })
    await links.complete(link, { email, newTag, oldTag }, client).catch(async (error: unknown) => {
      const now = await accounts.find(user.id)
      const isElsewhere = !now || await addressTags.of(now.email) !== newTag
      if (error instanceof Problem && isElsewhere) await addressBindings.release(user.id, newTag, newVersion)
      throw error
    })
    await emailChanges.leave(user.id, oldTag, oldVersion)
    return { locale: user.locale }
  }
}
