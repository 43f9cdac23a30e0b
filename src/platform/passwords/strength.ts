import type { ZxcvbnFactory } from '@zxcvbn-ts/core'
import { hasCyrillic, otherLayouts, transliterations, typedInLatin } from './layouts.ts'
import { FAVOURITE_WORDS } from './words.ts'

// The work grows with the square of the length, and what is longer is judged well enough by its beginning.
const LONGEST_JUDGED_CHARACTERS = 100
// With the library's 100, a hundred look-alike digits take half a second; with 20 a tenth.
const MAX_LEET_READINGS = 20

let estimator: Promise<ZxcvbnFactory> | null = null

// Loaded at the first estimate only: the dictionaries take some 80 MB.
const loadEstimator = async (): Promise<ZxcvbnFactory> => {
  const [{ ZxcvbnFactory }, common, english] = await Promise.all([
    import('@zxcvbn-ts/core'), import('@zxcvbn-ts/language-common'), import('@zxcvbn-ts/language-en')
  ])
  const favourites = FAVOURITE_WORDS.flatMap(word => [word, ...otherLayouts(word), ...transliterations(word)])
  return new ZxcvbnFactory({
    dictionary: { ...common.dictionary, ...english.dictionary, favourites: [...new Set(favourites)] },
    graphs: common.adjacencyGraphs,
    maxLength: LONGEST_JUDGED_CHARACTERS,
    l33tMaxSubstitutions: MAX_LEET_READINGS
  })
}

/**
 * How hard a password is to guess: zxcvbn's score, 0 (under a thousand guesses) to 4 (ten thousand million and more), by an
 * attacker who knows `words`, our languages and both keyboard layouts. Blocks the process: for a worker only.
 */
export const estimateScore = async (password: string, words: string[]): Promise<number> => {
  estimator ??= loadEstimator()
  const zxcvbn = await estimator
  const beginning = Array.from(password.normalize('NFC')).slice(0, LONGEST_JUDGED_CHARACTERS).join('')
  const lower = beginning.toLowerCase()
  const readings = hasCyrillic(lower) ? [beginning, typedInLatin(lower)] : [beginning]
  return Math.min(...readings.map(reading => zxcvbn.check(reading, words).score))
}
