import { transliterations } from './layouts.ts'
import { lettersMeantBy, lettersOf, MAX_DIGITS_AROUND_WORDS, normalised } from './spellings.ts'

const PRODUCT_WORDS = ['dvokrok', 'двокрок']
// Shorter words stand in many good passwords by chance.
const SHORTEST_OWN_WORD = 4
// `olenaXY` is still the name and no more.
const LETTERS_THAT_ADD_NOTHING = 2

const ACCENTS = /\p{M}/gu

/** The text, what stands on either side of an @, and the words in it. */
const pieces = (text: string): string[] => [text, ...text.split('@'), ...text.split(/[^\p{L}\p{N}]+/u)]

const spellings = (word: string): string[] => {
  const plain = word.normalize('NFD').replace(ACCENTS, '').normalize('NFC')
  return [word, plain, ...transliterations(word)]
}

/**
 * Everything in these texts (addresses, names) that an attacker tries first, with Latin spellings of Cyrillic words, and the
 * product's own name; lower case, letters only, at least four of them, longest first.
 */
export const ownWordsIn = (texts: string[]): string[] => {
  const words = [...texts, ...PRODUCT_WORDS].map(normalised)
    .flatMap(pieces).flatMap(spellings).map(lettersOf)
  return [...new Set(words)].filter(word => word.length >= SHORTEST_OWN_WORD).sort((a, b) => b.length - a.length)
}

const addsNothingTo = (words: string[]) => (letters: string): boolean => {
  const rest = words.reduce((text, word) => text.replaceAll(word, ' '), letters)
  return rest !== letters && lettersOf(rest).length <= LETTERS_THAT_ADD_NOTHING
}

const digitsOf = (text: string): string => text.replace(/\D/g, '')
const lettersAndDigitsOf = (text: string): string => normalised(text).replace(/[^\p{L}\p{N}]/gu, '')

/** Whole addresses, names and their parts, digits included: however many these are, they stand in the text and not in somebody's head. */
const isMadeOfWholeTexts = (password: string, texts: string[]): boolean => {
  const wholes = texts.flatMap(pieces).map(lettersAndDigitsOf)
    .filter(whole => whole.length >= SHORTEST_OWN_WORD).sort((a, b) => b.length - a.length)
  const typed = lettersAndDigitsOf(password)
  const rest = wholes.reduce((text, whole) => text.replaceAll(whole, ' '), typed)
  return rest !== typed && lettersOf(rest).length <= LETTERS_THAT_ADD_NOTHING && digitsOf(rest).length <= MAX_DIGITS_AROUND_WORDS
}

/** Whether a password is made of the account's own words (as given by `ownWordsIn`) or is a number that stands in `texts`. */
export const isMadeOfOwnWords = (password: string, words: string[], texts: string[]): boolean =>
  isMadeOfWholeTexts(password, texts) || lettersMeantBy(password).some(addsNothingTo(words)) ||
  (lettersOf(password) === '' && texts.some(
    text => digitsOf(text).length >= SHORTEST_OWN_WORD && digitsOf(password).includes(digitsOf(text))
  ))
