// Every test but those of the browser. Files named as arguments are run alone.
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { runTap } from './run-tap.js'

process.chdir(fileURLToPath(new URL('..', import.meta.url)))

// More files than cores: most of them wait for processes, mails and clocks for half of their time.
const jobs = availableParallelism() + 1
await runTap({ files: process.argv.slice(2), jobs })
