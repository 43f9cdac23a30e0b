import { statSync } from 'node:fs'
import { LineRefused, readImportLine } from '../../records/transfers/import-line.ts'
import { openTransfersStore } from '../../records/transfers/open-transfers-store.ts'
import { patiently } from '../../platform/redis/patience.ts'
import { fail } from './failure.ts'
import { type Line, readLines } from './lines.ts'
import { openForCommand } from './open.ts'
import { openProgress, progressBar } from './progress.ts'

/** Lines processed at a time: enough to keep Redis busy, few enough to meet its deadline. */
const AT_ONCE = 128

const say = (text: string): void => { process.stderr.write(text) }

/** `npm run accounts:import -- file`: accounts from JSON lines. After an interruption it resumes; bad lines are reported and skipped. */
async function main (): Promise<void> {
  const path = process.argv[2]
  if (!path) throw new Error('Name the file to read: npm run accounts:import -- accounts.jsonl')
  const { size } = statSync(path)
  const progress = openProgress(path)
  const { counts } = progress
  const linesBefore = counts.lines
  if (progress.offset > 0) say(`Resuming after line ${counts.lines}.\n`)
  const opened = await openForCommand()
  const store = openTransfersStore(opened)
  const startedMs = performance.now()
  const barAt = (offset: number): string =>
    progressBar(size === 0 ? 1 : offset / size, counts, (performance.now() - startedMs) / 1000, linesBefore)

  async function take ({ text }: Line, number: number): Promise<void> {
    if (text?.trim() === '') return
    try {
      if (text === null) throw new LineRefused('is longer than 64 KiB')
      const account = readImportLine(text, opened.keyring)
      const word = await patiently(async () => await store.import(account))
      if (word === 'taken') throw new LineRefused('address or id belong to another account already')
      counts[word]++
    } catch (error) {
      if (!(error instanceof LineRefused)) throw error
      counts.refused++
      say(`${process.stderr.isTTY ? '\r\u001b[K' : ''}line ${number}: ${error.message}\n`)
    }
  }

  async function takeAll (lines: Line[]): Promise<void> {
    await Promise.all(lines.map(async (line, index) => { await take(line, counts.lines + index + 1) }))
    counts.lines += lines.length
    const offset = lines.at(-1)?.end ?? progress.offset
    progress.save(offset)
    if (process.stderr.isTTY) say(`\r\u001b[K${barAt(offset)}`)
  }

  try {
    let batch: Line[] = []
    for await (const line of readLines(path, progress.offset)) {
      if (batch.push(line) === AT_ONCE) {
        await takeAll(batch)
        batch = []
      }
    }
    if (batch.length > 0) await takeAll(batch)
    progress.finish()
    say(`${process.stderr.isTTY ? '\r\u001b[K' : ''}${barAt(size)}\n`)
    // Scripts must notice refused lines.
    if (counts.refused > 0) process.exitCode = 2
  } finally {
    await opened.close()
  }
}

main().catch(fail)
