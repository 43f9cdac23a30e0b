import { existsSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { openTransfersStore } from '../../records/transfers/open-transfers-store.ts'
import { fail } from './failure.ts'
import { openForCommand } from './open.ts'

const say = (text: string): void => { process.stderr.write(text) }

/** `npm run accounts:export -- file`: all accounts as JSON lines that `accounts:import` reads. An existing file is never overwritten. */
async function main (): Promise<void> {
  const path = process.argv[2]
  if (!path) throw new Error('Name the file to write: npm run accounts:export -- accounts.jsonl')
  // Told before Redis is asked for anything.
  if (existsSync(path)) throw Object.assign(new Error('exists'), { code: 'EEXIST', path })
  const opened = await openForCommand()
  let written = 0
  let file: FileHandle | undefined
  try {
    // Opened late: a file that a failed start leaves behind would make the next try fail.
    file = await open(path, 'wx', 0o600)
    for await (const lines of openTransfersStore(opened).export()) {
      if (lines.length > 0) await file.appendFile(`${lines.join('\n')}\n`)
      written += lines.length
      if (process.stderr.isTTY) say(`\r${written} accounts`)
    }
    say(`${process.stderr.isTTY ? '\r' : ''}${written} accounts were written to ${path}. ` +
      'Protect it like the data: it holds names, addresses and password hashes.\n')
  } finally {
    await file?.close()
    await opened.close()
  }
}

main().catch(fail)
