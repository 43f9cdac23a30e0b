// One keyboard, three layouts: a word typed with the wrong layout switched on is as easy to guess as the word.
const LATIN_KEYS = "`qwertyuiop[]asdfghjkl;'zxcvbnm,."
const UKRAINIAN_KEYS = "'йцукенгшщзхїфівапролджєячсмитьбю"
const RUSSIAN_KEYS = 'ёйцукенгшщзхъфывапролджэячсмитьбю'

const CYRILLIC = /\p{Script=Cyrillic}/u

const keyMap = (from: string, to: string): Map<string, string> =>
  new Map(Array.from(from, (key, place) => [key, to[place] ?? key]))

const LATIN_TO_UKRAINIAN = keyMap(LATIN_KEYS, UKRAINIAN_KEYS)
const LATIN_TO_RUSSIAN = keyMap(LATIN_KEYS, RUSSIAN_KEYS)
const CYRILLIC_TO_LATIN = new Map(
  [...keyMap(RUSSIAN_KEYS, LATIN_KEYS), ...keyMap(UKRAINIAN_KEYS.slice(1), LATIN_KEYS.slice(1)), ['ґ', 'u']]
)

const retype = (text: string, keys: Map<string, string>): string => Array.from(text, key => keys.get(key) ?? key).join('')

export const hasCyrillic = (text: string): boolean => CYRILLIC.test(text)

/** Lower-case Cyrillic text as the same keys type it on a Latin layout: `пароль` -> `gfhjkm`. */
export const typedInLatin = (text: string): string => retype(text, CYRILLIC_TO_LATIN)

/** Lower-case text as the same keys type it on the other layouts: `gfhjkm` -> `пароль` (Ukrainian, Russian), and back. */
export const otherLayouts = (text: string): string[] =>
  hasCyrillic(text) ? [typedInLatin(text)] : [retype(text, LATIN_TO_UKRAINIAN), retype(text, LATIN_TO_RUSSIAN)]

const LETTERS = 'а a, б b, в v, г h, ґ g, д d, е e, є ie, ж zh, з z, и y, і i, ї i, й i, к k, л l, м m, н n, о o, п p, р r, с s, т t, у ' +
  'u, ' +
  'ф f, х kh, ц ts, ч ch, ш sh, щ shch, ь , ю iu, я ia, ё e, ъ , ы y, э e'
const RUSSIAN_HABITS = 'г g, и i, й y, є e, ё yo, х h, щ sch, ю yu, я ya, ї yi'

const letterMap = (pairs: string): Map<string, string> =>
  new Map(pairs.split(', ').map(pair => [pair.slice(0, 1), pair.slice(2)]))

const UKRAINIAN_LETTERS = letterMap(LETTERS)
const RUSSIAN_LETTERS = new Map([...UKRAINIAN_LETTERS, ...letterMap(RUSSIAN_HABITS)])

/** A lower-case Cyrillic word in Latin letters, the Ukrainian passport way and the way most people chat; none for other words. */
export const transliterations = (word: string): string[] =>
  hasCyrillic(word) ? [...new Set([retype(word, UKRAINIAN_LETTERS), retype(word, RUSSIAN_LETTERS)])] : []
