// The fault suite with its tables. `--long` breaks things as often as a release deserves, and works for an hour with nothing broken (two
// hours in all); the short form is part of `npm test` as well.
import { fileURLToPath } from 'node:url'
import { runTap } from './run-tap.js'

process.chdir(fileURLToPath(new URL('..', import.meta.url)))

const isLong = process.argv.includes('--long')
const files = [
  'test/process/under-traffic-crashes.test.ts',
  'test/process/under-traffic-connection.test.ts',
  'test/process/under-traffic-writes.test.ts',
  'test/process/faults.test.ts',
  'test/process/admin-crashes.test.ts',
  'test/process/events.test.ts',
  'test/process/smtp.test.ts',
  'test/process/flood.test.ts',
  'test/process/cluster.test.ts',
  'test/process/sentinel.test.ts',
  'test/process/clients.test.ts',
  'test/process/clocks.test.ts',
  'test/process/start.test.ts',
  'test/process/hostile-requests.test.ts',
  'test/flows/invitations.test.ts',
  'test/records/model.test.ts',
  'test/process/soak.test.ts'
]
const { said, summary } = await runTap({ files, timeoutSeconds: isLong ? 7200 : 300, env: { FAULTS: isLong ? 'long' : 'short' } })
const rows = (name) => [...said.matchAll(new RegExp(`^\\s*# ${name} (\\|.*\\|)$`, 'mg'))].map(([, row]) => row)
console.log(
  [
    '',
    '| fault | runs | operations | acknowledged and checked | violations | longest recovery |',
    '|---|---|---|---|---|---|',
    ...rows('fault'),
    '',
    '| hour of work | start | end |',
    '|---|---|---|',
    ...rows('soak'),
    '',
    summary
  ].join('\n')
)
