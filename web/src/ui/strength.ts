export type Strength = 'tooShort' | 'weak' | 'fair' | 'good' | 'strong'

const LEVELS: Strength[] = ['tooShort', 'weak', 'fair', 'good', 'strong']
export const levelOf = (strength: Strength): number => LEVELS.indexOf(strength)

/** Bits of entropy a character adds: few if it repeats or continues a sequence. */
const NEW_BITS = 3.6
const REPEATED_BITS = 0.8

/**
 * A quick estimate while the user types; the server, which knows word lists, decides. The user's own words (name, address)
 * count for almost nothing.
 */
export function estimate (password: string, minLength: number, ownWords: string[]): Strength {
  const characters = Array.from(password.normalize('NFC'))
  if (characters.length < minLength) return 'tooShort'
  let rest = password.toLowerCase()
  for (const word of ownWords.flatMap((text) => text.toLowerCase().split(/[^\p{L}\p{N}]+/u))) {
    if (word.length > 2) rest = rest.replaceAll(word, word.charAt(0))
  }
  const seen = new Set<string>()
  let bits = 0
  let before = 0
  for (const character of rest) {
    const point = character.codePointAt(0) ?? 0
    const isRepeated = Math.abs(point - before) <= 1 || (seen.has(character) && seen.size < 6)
    bits += isRepeated ? REPEATED_BITS : NEW_BITS
    seen.add(character)
    before = point
  }
  return bits < 26 ? 'weak' : bits < 38 ? 'fair' : bits < 56 ? 'good' : 'strong'
}
