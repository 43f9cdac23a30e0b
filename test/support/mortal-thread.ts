import { existsSync, writeFileSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { shaped } from './shapes.ts'

/** In place of the mail worker: dies once and leaves a file that says so; the next one says that it is there, and ends when told. */
const { dataDir } = shaped<{ config: { dataDir: string } }>(workerData).config
const mark = `${dataDir}/died`
if (!existsSync(mark)) {
  writeFileSync(mark, '')
  throw new Error('out of luck')
}
parentPort?.postMessage({ kind: 'state', state: 'up' })
parentPort?.once('message', () => process.exit())
