import { createAccountsIndexStore } from '../../records/accounts-index/accounts-index-store.ts'
import { fail } from './failure.ts'
import { openForCommand } from './open.ts'

const say = (text: string): void => { process.stderr.write(text) }

/** `npm run accounts:index`: builds the index of accounts anew, beside running servers, which list without it meanwhile. */
async function main (): Promise<void> {
  const { redis, run, close } = await openForCommand()
  try {
    let accounts = 0
    for await (accounts of createAccountsIndexStore(redis, run).rebuild()) if (process.stderr.isTTY) say(`\r${accounts} accounts`)
    say(`${process.stderr.isTTY ? '\r' : ''}${accounts} accounts are in the index.\n`)
  } finally {
    await close()
  }
}

main().catch(fail)
