// The browser tests: the built server with its own Redis and mailbox, and a real Chromium.
// The last line tells the checks made: "123 passed, 0 failed". Files named as arguments are run alone.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findChromium } from './chromium.js'
import { runTap } from './run-tap.js'

process.chdir(fileURLToPath(new URL('..', import.meta.url)))

const chromium = findChromium()
if (!chromium) process.exit(1)

const named = process.argv.slice(2)
const all = readdirSync('test/browser').filter((name) => name.endsWith('.test.ts')).map((name) => join('test', 'browser', name))
const files = named.length > 0 ? named : all
const { summary } = await runTap({ files, timeoutSeconds: 600, env: { CHROMIUM: chromium } })
console.log(`\n${summary}`)
