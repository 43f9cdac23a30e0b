// The fault suite with its table. `--long` breaks things as often as a release deserves (about half an hour);
// the short form is part of `npm test` as well.
import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

process.chdir(fileURLToPath(new URL('..', import.meta.url)))

const isLong = process.argv.includes('--long')
const files = ['test/process/under-traffic.test.ts', 'test/process/faults.test.ts', 'test/process/smtp.test.ts', 'test/process/flood.test.ts',
  'test/process/clients.test.ts', 'test/process/clocks.test.ts', 'test/process/start.test.ts', 'test/security/input.test.ts', 'test/model.test.ts']
const tap = join(dirname(createRequire(import.meta.url).resolve('tap/package.json')), 'dist', 'esm', 'run.mjs')
const run = spawn(process.execPath, [tap, 'run', '--jobs=1', `--timeout=${isLong ? 7200 : 300}`, ...files],
  { env: { ...process.env, FAULTS: isLong ? 'long' : 'short' }, stdio: ['inherit', 'pipe', 'inherit'] })

let said = ''
run.stdout.on('data', (chunk) => {
  process.stdout.write(chunk)
  said += chunk
})
run.on('close', (status) => {
  const rows = [...said.matchAll(/^\s*# fault (\|.*\|)$/mg)].map(([, row]) => row)
  const [summary = ''] = said.match(/^# \{ total: .*\}$/mg)?.slice(-1) ?? []
  const count = (word) => Number(new RegExp(`${word}: (\\d+)`).exec(summary)?.[1] ?? 0)
  const failed = count('fail') || (status === 0 && count('pass') > 0 ? 0 : 1)
  console.log(['', '| fault | runs | operations | acknowledged and checked | violations | longest recovery |', '|---|---|---|---|---|---|', ...rows, '', `${count('pass')} passed, ${failed} failed`].join('\n'))
  process.exitCode = failed === 0 ? 0 : 1
})
