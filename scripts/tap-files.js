// What scripts/run-tap.js starts: one TAP document of many test files, each a program of its own. `tap run` gives every file, and all that
// it starts, module loaders for mocks and coverage; we use neither, and they cost a third of the processor time.
import t from 'tap'

const [jobs, timeoutSeconds, ...files] = process.argv.slice(2)
t.jobs = Number(jobs)
t.setTimeout(0)
const env = { ...process.env, TAP_TIMEOUT: timeoutSeconds }
for (const file of files) {
  // By env(1), because tap's spawn says the loaders in NODE_OPTIONS.
  const command = ['-u', 'NODE_OPTIONS', process.execPath, '--enable-source-maps', file]
  t.spawn('env', command, { name: file, timeout: Number(timeoutSeconds) * 1000, buffered: t.jobs > 1, env })
}
