import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { normalize } from 'node:path'
import { compileTests } from './compile-tests.js'

/**
 * Builds what is stale, compiles the tests once, and runs these files (all but those of the browser when none are given) against the
 * build. Answers what was said, and the runner's count as "123 passed, 0 failed"; the exit code of this process tells the same.
 */
export async function runTap ({ files = [], jobs = 1, timeoutSeconds = 300, env = {} }) {
  const { status: buildStatus } = spawnSync(process.execPath, ['scripts/build.js', '--if-stale'], { stdio: 'inherit' })
  if (buildStatus !== 0) process.exit(1)
  const compiled = compileTests()
  const wanted = files.length > 0 ? files.map((file) => normalize(file)) : unitTests([...compiled.keys()])
  const targets = wanted.map((file) => compiled.get(file) ?? file)
  const run = spawn(process.execPath, ['scripts/tap-files.js', String(jobs), String(timeoutSeconds), ...targets], {
    env: { ...process.env, ...env },
    stdio: ['inherit', 'pipe', 'inherit']
  })
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

const unitTests = (sources) => sources.filter((path) => path.endsWith('.test.ts') && !path.startsWith('test/browser/'))
