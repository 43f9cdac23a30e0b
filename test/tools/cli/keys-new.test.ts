import { spawnSync } from 'node:child_process'
import { lstatSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { newSigningKeys, readSigningKeys } from '../../../src/platform/tokens/signing-keys.ts'
import { newFolder } from '../../support/process.ts'
import { json } from '../../support/shapes.ts'

const program = fileURLToPath(new URL('../../../src/tools/cli/keys-new.ts', import.meta.url))
const keysNew = (...args: string[]) => spawnSync(process.execPath, ['--import', 'tsx', program, ...args], { encoding: 'utf8' })
const kinds = (set: string): string[] => readSigningKeys(set).map(({ kid, alg }) => `${kid} ${alg}`)

t.test('prints a set that the server reads, and nothing else', async (t) => {
  for (const [args, alg] of [[[], 'EdDSA'], [['--alg', 'EdDSA'], 'EdDSA'], [['--alg', 'ES256'], 'ES256']] as const) {
    const { status, stdout, stderr } = keysNew(...args)
    t.strictSame([status, stderr], [0, ''])
    t.match(readSigningKeys(stdout), [{ kid: /^[\w-]{22}$/, alg }])
  }
  t.strictSame(kinds(keysNew('--kid', '2026-a', '--alg', 'ES256').stdout), ['2026-a ES256'])
})

t.test('--add puts the key at the end, leaves the others as they are, and only the owner can read the file', async (t) => {
  const folder = newFolder(t)
  const file = join(folder, 'keys.json')
  writeFileSync(file, newSigningKeys('first'), { mode: 0o644 })
  const [before] = json<{ keys: object[] }>(readFileSync(file, 'utf8')).keys
  const { status, stdout, stderr } = keysNew('--add', file, '--alg', 'ES256', '--kid', 'second')
  t.strictSame([status, stdout], [0, ''], 'the key is not printed')
  t.match(stderr, /has 2 keys now.*second \(ES256\)/)
  const set = readFileSync(file, 'utf8')
  t.strictSame(kinds(set), ['first EdDSA', 'second ES256'])
  t.strictSame(json<{ keys: object[] }>(set).keys[0], before)
  t.equal(statSync(file).mode & 0o777, 0o600)
  t.notMatch(stderr, String(readSigningKeys(set)[1]?.publicJwk.x))

  symlinkSync(file, join(folder, 'link.json'))
  t.equal(keysNew('--add', join(folder, 'link.json'), '--kid', 'third').status, 0)
  t.strictSame(kinds(readFileSync(file, 'utf8')), ['first EdDSA', 'second ES256', 'third EdDSA'])
  t.ok(lstatSync(join(folder, 'link.json')).isSymbolicLink(), 'a link stays a link')
  t.strictSame(readdirSync(folder).sort(), ['keys.json', 'link.json'], 'nothing else is left')
})

t.test('a set that cannot take the key stays as it is', async (t) => {
  const folder = newFolder(t)
  const file = join(folder, 'keys.json')
  for (const [content, wanted] of [
    [newSigningKeys('taken'), /a key named taken already/], ['{ "keys": [] }', /holds no keys/], ['not json', /not JSON/],
    ['{ "keys": [{ "kty": "oct", "k": "c2VjcmV0", "kid": "a" }] }', /Key 1 of SIGNING_KEYS must be a private Ed25519 key .* or P-256 key/]
  ] as const) {
    writeFileSync(file, content)
    const { status, stdout, stderr } = keysNew('--add', file, '--kid', 'taken')
    t.strictSame([status, stdout, readFileSync(file, 'utf8')], [1, '', content])
    t.match(stderr, wanted)
  }
  const missing = keysNew('--add', join(folder, 'none.json'))
  t.equal(missing.status, 1)
  t.match(missing.stderr, /--add needs an existing set/)
  writeFileSync(file, newSigningKeys('a'))
  writeFileSync(`${file}.new`, 'of another run')
  const second = keysNew('--add', file)
  t.equal(second.status, 1)
  t.match(second.stderr, /keys:new is running, or was interrupted/)
  t.strictSame(kinds(readFileSync(file, 'utf8')), ['a EdDSA'])
})

t.test('wrong arguments are refused with what is right, and exit code 2', async (t) => {
  for (const [args, wanted] of [
    [['--alg', 'RS256'], /--alg must be EdDSA or ES256/],
    [['--kid', 'a b'], /--kid must be 1 to 64/],
    [['--what'], /--what[^]*npm run/],
    [['file.json'], /file\.json/]
  ] as const) {
    const { status, stdout, stderr } = keysNew(...args)
    t.strictSame([status, stdout], [2, ''])
    t.match(stderr, wanted)
  }
  const help = keysNew('--help')
  t.strictSame([help.status, help.stderr], [0, ''])
  for (const option of ['--alg', '--kid', '--add', '--help']) t.match(help.stdout, option)
})
