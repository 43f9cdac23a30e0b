import { chownSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { newId } from '../../platform/ids.ts'
import {
  addSigningKey, isKeyId, newSigningKeys, readSigningKeys, SIGNING_ALGORITHMS, type SigningAlgorithm
} from '../../platform/tokens/signing-keys.ts'
import { UsageError } from '../usage-error.ts'

const USAGE = `npm run --silent keys:new -- [options]

Prints a JWK Set with a new private key, for the file that SIGNING_KEYS names.

  --alg EdDSA|ES256   the algorithm: EdDSA (Ed25519, the default), or ES256 (P-256)
                      for services that cannot verify EdDSA
  --kid NAME          the name of the key: 1 to 64 letters, digits, - or _; default: random
  --add FILE          print nothing; add the key at the end of the set in FILE, where it
                      verifies and does not sign yet
  --help              this text

Exit code: 0 done, 1 it could not be done, 2 wrong arguments.
`

interface Options { alg: SigningAlgorithm, kid: string, file: string | undefined, help: boolean }

/** `npm run keys:new`: a key that signs access tokens, as a new set or at the end of an existing one. */
function main (): void {
  const { alg, kid, file, help } = readOptions(process.argv.slice(2))
  if (help) process.stdout.write(USAGE)
  else if (file === undefined) process.stdout.write(newSigningKeys(kid, alg))
  else {
    const count = addTo(file, kid, alg)
    process.stderr.write(`${file} has ${count} keys now; the new one is ${kid} (${alg}). Restart every server. After five minutes ` +
      'move the key to the front of the set and restart again: then it signs.\n')
  }
}

/** Returns how many keys the set has now. The file is replaced as a whole: a server that reads it meanwhile finds a complete set. */
function addTo (file: string, kid: string, alg: SigningAlgorithm): number {
  // Replace what a link points to, not the link.
  const path = realpathSync(file)
  const set = addSigningKey(readFileSync(path, 'utf8'), kid, alg)
  const aside = `${path}.new`
  // `wx` makes two runs at the same time fail instead of losing one of the keys.
  writeFileSync(aside, set, { mode: 0o600, flag: 'wx', flush: true })
  try {
    const { uid, gid } = statSync(path)
    // Run by root, the file must stay readable for the user of the server.
    if (process.getuid?.() === 0) chownSync(aside, uid, gid)
    renameSync(aside, path)
  } catch (error) {
    rmSync(aside, { force: true })
    throw error
  }
  return readSigningKeys(set).length
}

/** @throws UsageError */
function readOptions (args: string[]): Options {
  const { alg = 'EdDSA', kid = newId(), add: file, help = false } = parse(args)
  const known = SIGNING_ALGORITHMS.find((name) => name === alg)
  if (!known) throw new UsageError(`--alg must be ${SIGNING_ALGORITHMS.join(' or ')}.`)
  if (!isKeyId(kid)) throw new UsageError('--kid must be 1 to 64 letters, digits, - or _.')
  return { alg: known, kid, file, help }
}

function parse (args: string[]) {
  const text = { type: 'string' } as const
  try {
    return parseArgs({ args, options: { alg: text, kid: text, add: text, help: { type: 'boolean' } } }).values
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`)
  }
}

function reasonOf (error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const code = 'code' in error ? error.code : undefined
  if (code === 'ENOENT') return '--add needs an existing set. Without --add the command prints a new one.'
  if (code === 'EEXIST') return 'There is a .new file beside the set: keys:new is running, or was interrupted. If so, delete the .new file.'
  return error.message
}

try {
  main()
} catch (error) {
  process.stderr.write(`${reasonOf(error)}\n`)
  process.exitCode = error instanceof UsageError ? 2 : 1
}
