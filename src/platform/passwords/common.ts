import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { otherLayouts, transliterations } from './layouts.ts'
import { lettersMeantBy, normalised } from './spellings.ts'
import { FAVOURITE_WORDS } from './words.ts'

// Made by scripts/make-common-passwords.js; source, licence and figures stand in common-passwords.md beside it.
const FILTER_FILE = new URL('./common-passwords.bin', import.meta.url)
const HASH_BYTES = 5
// Three letters among random signs spell a word by chance too often (`Ksc$+733` is a forest, ліс).
const FEWEST_LETTERS_MEANT = 4

let filter: Promise<Buffer> | null = null
let words: Set<string> | null = null

/** How the filter names a password: the first 40 bits of SHA-256 over its lower-case NFC form, as a number. */
const fingerprint = (password: string): number =>
  createHash('sha256').update(password).digest().readUIntBE(0, HASH_BYTES)

const filterHas = (sorted: Buffer, wanted: number): boolean => {
  let low = 0
  let high = sorted.length / HASH_BYTES - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    const found = sorted.readUIntBE(middle * HASH_BYTES, HASH_BYTES)
    if (found === wanted) return true
    if (found < wanted) low = middle + 1
    else high = middle - 1
  }
  return false
}

const favouriteWords = (): Set<string> => {
  words ??= new Set(FAVOURITE_WORDS.flatMap(word => [word, ...transliterations(word)]))
  return words
}

/** Whether letters are a favourite word, two of them, or one of them over and over. */
const isMadeOfFavourites = (letters: string): boolean => {
  const known = favouriteWords()
  if (letters.length < FEWEST_LETTERS_MEANT) return false
  if (known.has(letters)) return true
  for (let end = 2; end <= letters.length - 2; end++) {
    const head = letters.slice(0, end)
    if (!known.has(head)) continue
    if (known.has(letters.slice(end)) || head.repeat(letters.length / end) === letters) return true
  }
  return false
}

/**
 * Whether a password is among the commonest of the world (an offline list), in any case of letters and keyboard layout, or is
 * one or two Ukrainian, Russian or English favourites with a few digits. A good password is taken for one of the list by
 * chance less than once in a million.
 */
export const isCommonPassword = async (password: string): Promise<boolean> => {
  if (lettersMeantBy(password).some(isMadeOfFavourites)) return true
  filter ??= readFile(FILTER_FILE)
  const sorted = await filter
  const lower = normalised(password)
  return [lower, ...otherLayouts(lower)].some(spelling => filterHas(sorted, fingerprint(spelling)))
}
