// Every test once more, on a Redis Cluster of three masters and three replicas that the tests start themselves.
import { fileURLToPath } from 'node:url'
import { runTap } from './run-tap.js'

process.chdir(fileURLToPath(new URL('..', import.meta.url)))

const { summary } = await runTap({ timeoutSeconds: 300, env: { TEST_REDIS: 'cluster' } })
console.log(summary)
