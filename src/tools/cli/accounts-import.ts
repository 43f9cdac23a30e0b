import { statSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { LineRefused, readImportLine } from '../../records/transfers/import-line.ts'
import { openTransfersStore } from '../../records/transfers/open-transfers-store.ts'
import { loadConfig } from '../../platform/config/config.ts'
import { patiently } from '../../platform/redis/patience.ts'
import { UsageError } from '../usage-error.ts'
import { helpOf, IMPORT } from './commands.ts'
import { fail } from './failure.ts'
import { openInvitations } from './import-invitations.ts'
import { type Line, readLines } from './lines.ts'
import { openForCommand } from './open.ts'
import { openProgress, progressBar } from './progress.ts'

/** Lines processed at a time: enough to keep Redis busy, few enough to meet its deadline. */
const AT_ONCE = 128

const say = (text: string): void => { process.stderr.write(text) }

/** `npm run accounts:import -- file`: accounts from JSON lines. After an interruption it resumes; bad lines are reported and skipped. */
async function main (): Promise<void> {
  const { path, mailsInvitations } = readArguments()
  if (path === null) return
  const { size } = statSync(path)
  const progress = openProgress(path)
  const { counts } = progress
  const linesBefore = counts.lines
  if (progress.offset > 0) say(`Resuming after line ${counts.lines}.\n`)
  const config = loadConfig()
  const opened = await openForCommand(config)
  const store = openTransfersStore(opened, config.accountsIndex)
  const invitations = mailsInvitations ? openInvitations(opened) : null
  const startedMs = performance.now()
  const barAt = (offset: number): string =>
    progressBar(size === 0 ? 1 : offset / size, counts, (performance.now() - startedMs) / 1000, linesBefore)

  async function take ({ text }: Line, number: number): Promise<void> {
    if (text?.trim() === '') return
    try {
      if (text === null) throw new LineRefused('is longer than 64 KiB')
      const account = readImportLine(text, opened.keyring)
      const done = await patiently(async () => await store.import(account))
      if (done.word === 'taken') throw new LineRefused('address or id belong to another account already')
      if (account.fields['status'] === 'invited') await invitations?.mail(done.accountId)
      counts[done.word]++
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
    await invitations?.close()
    await opened.close()
  }
}

function readArguments (): { path: string | null, mailsInvitations: boolean } {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true, options: { invite: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } }
    })
    if (values.help) process.stdout.write(helpOf(IMPORT))
    else if (positionals.length !== 1) throw new Error('Name the one file to read.')
    return { path: values.help ? null : positionals[0] ?? null, mailsInvitations: values.invite }
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n\n${helpOf(IMPORT)}`)
  }
}

main().catch((error: unknown) => {
  fail(error)
  if (error instanceof UsageError) process.exitCode = 2
})
