import type { Keyring } from '../keyring.ts'

export type Purpose = 'login' | 'sign-up'

/** Where an attempt is kept: with its account (login), or with the address until that is proven (sign-up). */
export interface Place {
  purpose: Purpose
  /** Account id for a login, address tag for a sign-up: 22 characters either way. */
  home: string
  attemptId: string
}

const CONTEXT = 'cid'
const ID_LENGTH = 22
const LETTERS: Record<Purpose, string> = { login: 'l', 'sign-up': 's' }

/** The `cid` claim: sealed, so a pending token tells no account id, and always of one length. */
export const sealPlace = (keyring: Keyring, place: Place): string =>
  keyring.seal(LETTERS[place.purpose] + place.home + place.attemptId, CONTEXT)

export function openPlace (keyring: Keyring, cid: string, purpose: string): Place | null {
  const opened = keyring.unseal(cid, CONTEXT)
  if (opened?.length !== 1 + 2 * ID_LENGTH) return null
  if ((purpose !== 'login' && purpose !== 'sign-up') || LETTERS[purpose] !== opened[0]) return null
  return { purpose, home: opened.slice(1, 1 + ID_LENGTH), attemptId: opened.slice(1 + ID_LENGTH) }
}

/** An attempt outlives its code, so that a late reader can ask for another one. */
export const attemptLifeMs = (purpose: Purpose, codeLifeMs: number): number =>
  Math.max((purpose === 'login' ? 15 : 60) * 60_000, 3 * codeLifeMs)

/** Minutes as told to people: rounded up, so that what is promised is kept. */
export const toMinutes = (milliseconds: number): number => Math.ceil(milliseconds / 60_000)
