import { countKeyUsage } from '../accounts/key-usage-store.ts'
import { openForCommand } from './open.ts'

/** `npm run keys:count`: how many records still need each SECRET, so that an old one can be taken out. */
async function main (): Promise<string> {
  const { redis, keyring, close } = await openForCommand()
  try {
    const usage = await countKeyUsage(redis, keyring)
    const rows = usage.map(({ keyId, state, passwords, authenticators }) => [keyId, state, String(passwords), String(authenticators)])
    return [['key', 'state', 'passwords', 'authenticators'], ...rows]
      .map(([id = '', state = '', passwords = '', authenticators = '']) => `${id.padEnd(6)}${state.padEnd(10)}${passwords.padStart(10)}${authenticators.padStart(16)}`)
      .join('\n')
  } finally {
    await close()
  }
}

main().then(
  (text) => { process.stdout.write(`${text}\n`) },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 1
  })
