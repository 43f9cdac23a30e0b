// Every test but those of the browser. Files named as arguments are run alone.
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { runTap } from './run-tap.js'

process.chdir(fileURLToPath(new URL('..', import.meta.url)))

// Real servers in every test: one file for each core keeps them honest.
await runTap({ files: process.argv.slice(2), jobs: availableParallelism() })
