import { otherLayouts } from './layouts.ts'

// Birthdays, years and lucky numbers round a word add nothing that a guesser does not try; nine digits and more do.
export const MAX_DIGITS_AROUND_WORDS = 8

const LEET_LATIN: Record<string, string> = { 0: 'o', 1: 'i', 3: 'e', 4: 'a', 5: 's', 7: 't', 8: 'b', '@': 'a', $: 's', '!': 'i' }
const LEET_CYRILLIC: Record<string, string> = { 0: 'о', 1: 'і', 3: 'з', 4: 'ч', 6: 'б', '@': 'а' }

const EDGES = /^[^\p{L}]+|[^\p{L}]+$/gu

const unleet = (text: string, letters: Record<string, string>): string => Array.from(text, char => letters[char] ?? char).join('')

/** The code points of a text as bcrypt and every rule sees them. */
export const normalised = (text: string): string => text.normalize('NFC').toLowerCase()

export const lettersOf = (text: string): string => text.replace(/[^\p{L}]/gu, '')

/**
 * What may be meant by a password: its letters alone, in lower case, without digits and punctuation, with look-alike digits
 * read as letters, and as typed on the other keyboard layouts. Empty when it holds so many digits that they count.
 */
export const lettersMeantBy = (password: string): string[] => {
  const lower = normalised(password)
  if (lower.replace(/\D/g, '').length > MAX_DIGITS_AROUND_WORDS) return []
  const core = lower.replace(EDGES, '')
  const typed = [lower, core].flatMap(text => [text, ...otherLayouts(text)])
  const read = typed.flatMap(text => [text, text.replace(EDGES, '')])
    .flatMap(text => [text, unleet(text, LEET_LATIN), unleet(text, { ...LEET_LATIN, 1: 'l' }), unleet(text, LEET_CYRILLIC)])
  return [...new Set(read.map(lettersOf))].filter(letters => letters !== '')
}
