import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const tap = join(dirname(createRequire(import.meta.url).resolve('tap/package.json')), 'dist', 'esm', 'run.mjs')

/**
 * Runs these files one after the other: each starts a server of its own. Answers what was said, and the runner's count as
 * "123 passed, 0 failed"; the exit code of this process tells the same.
 */
export async function runTap (files, timeoutSeconds, env) {
  const run = spawn(process.execPath, [tap, 'run', '--jobs=1', `--timeout=${timeoutSeconds}`, ...files],
    { env: { ...process.env, ...env }, stdio: ['inherit', 'pipe', 'inherit'] })
  let said = ''
  run.stdout.on('data', (chunk) => {
    process.stdout.write(chunk)
    said += chunk
  })
  const [status] = await once(run, 'close')
  const [summary = ''] = said.match(/^# \{ total: .*\}$/mg)?.slice(-1) ?? []
  const count = (word) => Number(new RegExp(`${word}: (\\d+)`).exec(summary)?.[1] ?? 0)
  const failed = count('fail') || (status === 0 && count('pass') > 0 ? 0 : 1)
  process.exitCode = failed === 0 ? 0 : 1
  return { said, summary: `${count('pass')} passed, ${failed} failed` }
}
