// Writes web/src/ui/fonts/*.woff2: Onest (SIL Open Font License 1.1), cut down to the letters that our pages use, in weights 400 to 600.
// A Cyrillic page has both alphabets from its first visit: names and addresses are Latin. Needed only when the letters change:
//   npm install --no-save subset-font @fontsource-variable/onest && node scripts/make-fonts.js
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import subsetFont from 'subset-font'

const { resolve } = createRequire(import.meta.url)
const target = new URL('../web/src/ui/fonts/', import.meta.url)
const from = (script) => readFileSync(resolve(`@fontsource-variable/onest/files/onest-${script}-wght-normal.woff2`))
const options = { noLayoutClosure: true, targetFormat: 'woff2', variationAxes: { wght: { min: 400, max: 600, default: 400 } } }

const printable = Array.from({ length: 95 }, (_, at) => String.fromCharCode(32 + at)).join('')
const signs = '•…’“”«»–·×'
const cyrillic = 'АБВГҐДЕЄЁЖЗИІЇЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгґдеєёжзиіїйклмнопрстуфхцчшщъыьэюя'

writeFileSync(new URL('onest-latin.woff2', target), await subsetFont(from('latin'), printable + signs, options))
writeFileSync(new URL('onest-cyrillic.woff2', target), await subsetFont(from('cyrillic'), cyrillic, options))
// The labels of the language switch, for a page that is otherwise in Latin letters.
writeFileSync(new URL('onest-switch.woff2', target), await subsetFont(from('cyrillic'), 'УкрРус', options))
