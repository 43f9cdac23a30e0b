import { Type } from '@sinclair/typebox'
import { readJson } from '../../platform/json.ts'
import type { Keyring } from '../../platform/keyring.ts'

/** What a mail warns of, by the link in it: whose account, when it happened, and the address that the account was changed away from. */
export interface DisownLink {
  accountId: string
  /** Milliseconds since 1970. */
  at: number
  /** null: it still was the account's. */
  leftEmail: string | null
}

export const DISOWN_LIFE_MS = 7 * 86_400_000

const Sealed = Type.Tuple([Type.String(), Type.Integer(), Type.Union([Type.String(), Type.Null()])])

/** Sealed: an address that somebody reads over a shoulder tells nothing, and nobody makes one up. */
export const makeDisownToken = (keyring: Keyring, { accountId, at, leftEmail }: DisownLink): string =>
  keyring.seal(JSON.stringify([accountId, at, leftEmail]), 'disown')

/** Null for what is none of ours, or older than a week. */
export function readDisownToken (keyring: Keyring, token: string, now: number): DisownLink | null {
  const opened = keyring.unseal(token, 'disown')
  if (opened === null) return null
  const [accountId, at, leftEmail] = readJson(Sealed, opened)
  return now - at < DISOWN_LIFE_MS ? { accountId, at, leftEmail } : null
}
