import { Problem } from '../errors.ts'
import { now } from '../platform/clock.ts'
import type { Keyring } from '../platform/keyring.ts'
import type { Locale } from '../platform/locales/index.ts'
import type { User } from '../records/accounts/account.ts'
import type { AccountsStore } from '../records/accounts/accounts-store.ts'
import type { AddressBindingsStore } from '../records/accounts/address-bindings-store.ts'
import type { AddressTags } from '../records/accounts/address-tags.ts'
import { canonicalAddress } from '../records/accounts/address.ts'
import type { CredentialsStore, Disowned } from '../records/accounts/credentials-store.ts'
import type { EmailChangesStore } from '../records/contacts/email-changes-store.ts'
import { readDisownToken } from '../records/links/disown-link.ts'
import type { Requester } from './requester.ts'

/**
 * "This wasn't me", by the link in a mail that warns: puts an end to what a thief can do with the account until its owner sets a password
 * by mail. A second time says the same and does nothing. @throws Problem CHALLENGE_INVALID (no link of ours, or older than a week)
 */
export type DisownEvent = (requester: Requester, token: string) => Promise<{ locale: Locale }>

interface Dependencies {
  accounts: Pick<AccountsStore, 'find'>
  addressBindings: Pick<AddressBindingsStore, 'bind' | 'release' | 'version'>
  addressTags: Pick<AddressTags, 'of'>
  credentials: Pick<CredentialsStore, 'disown'>
  emailChanges: Pick<EmailChangesStore, 'leave'>
  keyring: Keyring
}

export function createDisownEvent (
  { accounts, addressBindings, addressTags, credentials, emailChanges, keyring }: Dependencies
): DisownEvent {
  /** The address that was left is bound first, as in every change of address: account and address are two slots. */
  async function bindBack (
    user: User, leftEmail: string | null
  ): Promise<{ back: Disowned['back'], oldVersion: string, newVersion: string }> {
    const none = { back: null, oldVersion: '', newVersion: '' }
    if (leftEmail === null || canonicalAddress(user.email) === leftEmail) return none
    const [newTag, oldTag] = await Promise.all([addressTags.of(leftEmail), addressTags.of(user.email)])
    const oldVersion = await addressBindings.version(oldTag)
    // Somebody else may have signed up with it since. All else is done all the same.
    const newVersion = await addressBindings.bind(user.id, newTag).catch((error: unknown) => {
      if (error instanceof Problem && error.code === 'CONFLICT') return null
      throw error
    })
    return newVersion === null ? none : { back: { email: leftEmail, newTag, oldTag }, oldVersion, newVersion }
  }

  return async ({ client, log }, token) => {
    const link = readDisownToken(keyring, token, now())
    const user = link && await accounts.find(link.accountId)
    if (!link || !user) throw new Problem('CHALLENGE_INVALID')
    const { back, oldVersion, newVersion } = await bindBack(user, link.leftEmail)
    const outcome = await credentials.disown(user.id, { at: link.at, back, client })
    if (back && outcome === 'restored') await emailChanges.leave(user.id, back.oldTag, oldVersion)
    // Not given back: the account has had one given back since. A call at the same time may have done it just now.
    if (back && outcome !== 'restored') {
      const after = await accounts.find(user.id)
      if (after && canonicalAddress(after.email) !== back.email) await addressBindings.release(user.id, back.newTag, newVersion)
    }
    if (outcome !== 'done') {
      log.warn({ event: 'account.disowned', account: user.id, isAddressRestored: outcome === 'restored', ...client },
        'the owner of an account says that somebody else was in it')
    }
    return { locale: user.locale }
  }
}
