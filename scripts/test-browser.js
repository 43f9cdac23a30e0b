// The browser tests: the built server with its own Redis and mailbox, and a real Chromium.
// The last line tells the checks made: "123 passed, 0 failed". Files named as arguments are run alone.
import { spawn, spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findChromium } from './chromium.js'

process.chdir(fileURLToPath(new URL('..', import.meta.url)))

const chromium = findChromium()
if (!chromium) process.exit(1)
const built = spawnSync(process.execPath, ['scripts/build.js', '--if-stale'], { stdio: 'inherit' })
if (built.status !== 0) process.exit(1)

const named = process.argv.slice(2)
const files = named.length > 0 ? named : readdirSync('test/browser').filter((name) => name.endsWith('.test.ts')).map((name) => join('test', 'browser', name))
// One file at a time: each starts a server, a Redis and a browser.
const tap = join(dirname(createRequire(import.meta.url).resolve('tap/package.json')), 'dist', 'esm', 'run.mjs')
const run = spawn(process.execPath, [tap, 'run', '--jobs=1', '--timeout=600', ...files], { env: { ...process.env, CHROMIUM: chromium }, stdio: ['inherit', 'pipe', 'inherit'] })

let said = ''
run.stdout.on('data', (chunk) => {
  process.stdout.write(chunk)
  said += chunk
})
run.on('close', (status) => {
  const [summary = ''] = said.match(/^# \{ total: .*\}$/mg)?.slice(-1) ?? []
  const count = (word) => Number(new RegExp(`${word}: (\\d+)`).exec(summary)?.[1] ?? 0)
  const failed = count('fail') || (status === 0 && count('pass') > 0 ? 0 : 1)
  console.log(`\n${count('pass')} passed, ${failed} failed`)
  process.exitCode = failed === 0 ? 0 : 1
})
