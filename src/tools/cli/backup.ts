import { join, resolve } from 'node:path'
import type { Redis } from 'ioredis'
import { now } from '../../platform/clock.ts'
import { type Config, loadConfig } from '../../platform/config/config.ts'
import { whereIs } from '../../platform/config/redis-target.ts'
import { mastersOf } from '../../platform/redis/nodes.ts'
import { count, lookInside, tellSecrets } from '../backup/contents.ts'
import { saveSnapshot } from '../backup/snapshot.ts'
import { fail } from './failure.ts'
import { openForCommand } from './open.ts'

const say = (line: string): void => { process.stdout.write(`${line}\n`) }

/** `dvokrok backup FILE`: a consistent copy of all data, which `dvokrok restore` puts back. May run beside the servers. */
async function main (): Promise<void> {
  const path = process.argv[2]
  if (!path) throw new Error('Name the file to write: dvokrok backup backup.rdb')
  const config = loadConfig()
  const opened = await openForCommand(config)
  try {
    const where = config.redis ? whereIs(opened.target) : config.dataDir
    // Looked at first, because the connection of a snapshot serves nothing else.
    const contents = await lookInside(opened.redis)
    if (contents.addressKey === null) throw new Error(`${where} holds nothing of Dvokrok, so nothing was written. Is this the right Redis?`)
    const madeAt = new Date(now()).toISOString()
    const masters = mastersOf(opened.redis)
    const paths = masters.map((_, index) => masters.length === 1 ? path : `${path}.${index + 1}`)
    for (const [index, master] of masters.entries()) await save(master, paths[index] ?? path)
    const [accounts, authenticators] = [count(contents.accounts, 'account'), count(contents.authenticators, 'authenticator')]
    say(`It holds ${accounts} and ${authenticators}, as of ${madeAt}, from ${where}.`)
    say(tellSecrets(contents, opened.keyring))
    say('')
    say('Keep in another place than this copy, because neither is of use without the other:')
    for (const line of alsoNeeded(config)) say(`- ${line}`)
    say(`Try it now and then: dvokrok restore --check ${paths.join(' ')}`)
  } finally {
    await opened.close()
  }
}

async function save (master: Redis, path: string): Promise<void> {
  const { bytes, isChecked } = await saveSnapshot(master, path)
  say(`${path} is written: ${(bytes / 1024 / 1024).toFixed(1)} MiB, for this user alone. Its checksum is right` +
    `${isChecked ? ', and redis-check-rdb finds no fault' : ''}.`)
}

function alsoNeeded ({ secret, signingKeysPath, previousSecrets, dataDir }: Config): string[] {
  return [
    secret ? 'SECRET, as it is set here' : `the secret: ${join(resolve(dataDir), 'secret')}`,
    ...previousSecrets.length > 0 ? ['SECRET_PREVIOUS'] : [],
    `the signing keys: ${signingKeysPath ?? join(resolve(dataDir), 'signing-keys.json')} (without them other services must fetch new ones)`,
    'the settings (.env)'
  ]
}

main().catch(fail)
