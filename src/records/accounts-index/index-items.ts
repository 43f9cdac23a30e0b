import type { User } from '../accounts/account.ts'
import { canonicalAddress } from '../accounts/address.ts'

/** What accounts are listed by besides their words. One without a name of its own is subtracted from all. */
export const ALL = 'a'
export const DISABLED = 'd'
export const INVITED = 'i'
export const ADMINS = 'A'
export const roleList = (role: string): string => `r:${role}`

/** A longer beginning is looked up by as much, and compared with the account. */
export const LONGEST_WORD = 14

/** Upper and lower case, and what keyboards write in two ways, are the same. */
export const fold = (text: string): string => text.normalize('NFC').toLowerCase().replaceAll('ё', 'е').replace(/['’ʼ`]/gu, '')

export const cut = (word: string): string => Array.from(word).slice(0, LONGEST_WORD).join('')

/** What a search finds an account by. */
export function wordsOf ({ email, name }: Pick<User, 'email' | 'name'>): string[] {
  const ofName = fold(name).split(/[^\p{L}\p{N}\p{M}]+/u).filter((word) => word !== '')
  return [...new Set([canonicalAddress(email), ...ofName])]
}

/** Whether each word that is sought begins the address or a word of the name. */
export function isFoundBy (user: Pick<User, 'email' | 'name'>, sought: string[]): boolean {
  const words = wordsOf(user)
  return sought.every((one) => words.some((word) => word.startsWith(one)))
}

/** The keys of an account, as accounts-index-put.lua reads them. */
export function itemsOf (user: User): string[] {
  const lists = [
    ALL,
    ...user.status === 'disabled' ? [DISABLED] : [],
    ...user.status === 'invited' ? [INVITED] : [],
    ...user.role === 'admin' ? [ADMINS] : [],
    ...(user.roles ?? []).map(roleList)
  ]
  const items = lists.map((list) => `1${list}`)
  let before = Buffer.alloc(0)
  // By bytes, as Redis compares them: what begins alike is then side by side.
  const sorted = [...new Set(wordsOf(user).map(cut))].map((word) => Buffer.from(word)).sort((one, other) => Buffer.compare(one, other))
  for (const [place, word] of sorted.entries()) {
    const common = commonLength(before, word)
    items.push(`2${String.fromCharCode(common)}${word.toString()}`)
    if (common > 0) items.push(`3${String.fromCharCode(place)}${wholeLetters(word, common)}`)
    before = word
  }
  return items
}

function commonLength (one: Buffer, other: Buffer): number {
  let length = 0
  while (length < one.length && one[length] === other[length]) length++
  return wholeLetters(other, length) === '' ? 0 : Buffer.byteLength(wholeLetters(other, length))
}

/** A cut may go through a letter of several bytes. */
const wholeLetters = (word: Buffer, length: number): string => word.subarray(0, length).toString().replace(/\ufffd$/u, '')
