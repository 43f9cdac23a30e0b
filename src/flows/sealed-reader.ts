import { Type } from '@sinclair/typebox'
import { readJson } from '../platform/json.ts'
import type { Keyring } from '../platform/keyring.ts'
import { type Locale, toLocale } from '../platform/locales/index.ts'

/** Somebody who must get a mail although the account no longer knows the address. */
export interface Reader { to: string, name: string, locale: Locale }

const Sealed = Type.Tuple([Type.String(), Type.String(), Type.String()])

const contextOf = (accountId: string): string => `reader ${accountId}`

/** A reader for a job of the outbox, which lies in Redis: sealed, so that no address does. */
export const sealReader = (keyring: Keyring, accountId: string, { to, name, locale }: Reader): string =>
  keyring.seal(JSON.stringify([to, name, locale]), contextOf(accountId))

/** Null when it was sealed under a SECRET that is no longer known. */
export function openReader (keyring: Keyring, accountId: string, sealed: string): Reader | null {
  const opened = keyring.unseal(sealed, contextOf(accountId))
  if (opened === null) return null
  const [to, name, locale] = readJson(Sealed, opened)
  return { to, name, locale: toLocale(locale) }
}
