// npm test: types and lint, and every test but those of the browser. The former run at the lowest priority beside the tests, which wait for
// much of their time; what they say comes at the end.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { availableParallelism, constants, setPriority } from 'node:os'
import { fileURLToPath } from 'node:url'
import { runTap } from './run-tap.js'

process.chdir(fileURLToPath(new URL('..', import.meta.url)))

const checks = ['check:types', 'lint'].map((name) => ({ name, ended: start(name) }))
// Real servers in every test: one file for each core keeps them honest.
await runTap({ jobs: availableParallelism() })
for (const { name, ended } of checks) {
  const { status, said } = await ended
  console.log(`\n> npm run ${name}: ${status === 0 ? 'in order' : 'FAILED'}\n${said}`)
  if (status !== 0) process.exitCode = 1
}

function start (name) {
  const child = spawn('npm', ['run', '--silent', name], { stdio: ['ignore', 'pipe', 'pipe'] })
  setPriority(child.pid, constants.priority.PRIORITY_LOW)
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => { said += chunk })
  return once(child, 'close').then(([status]) => ({ status, said }))
}
