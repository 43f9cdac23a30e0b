import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { type Config, loadConfig } from '../../platform/config/config.ts'
import { whereIs } from '../../platform/config/redis-target.ts'
import { createKeyring, type Keyring } from '../../platform/keyring.ts'
import { createRedis, type RedisClient } from '../../platform/redis/connect.ts'
import { keys } from '../../platform/redis/keys.ts'
import { mastersOf } from '../../platform/redis/nodes.ts'
import { type Contents, count, lookInside, tellSecrets, together } from '../backup/contents.ts'
import { copySurviving, deleteOurs } from '../backup/copy.ts'
import { openSource, type Source } from '../backup/source.ts'
import { UsageError } from '../usage-error.ts'
import { helpOf, RESTORE } from './commands.ts'
import { fail } from './failure.ts'
import { openAlone, secretOf } from './open.ts'

const say = (line: string): void => { process.stdout.write(`${line}\n`) }
const tell = (line: string): void => { process.stderr.write(`${line}\n`) }

/** `dvokrok restore SOURCE...`: puts a backup into the Redis of these settings, without anything that signs somebody in. */
async function main (): Promise<void> {
  const { names, check, force } = readArguments()
  if (names.length === 0) return
  const config = loadConfig()
  const keyring = createKeyring(secretOf(config, noSecret(config)), config.previousSecrets)
  const sources: Source[] = []
  try {
    for (const name of names) sources.push(await openSource(name, tell))
    const contents = together(await Promise.all(sources.map(async ({ redis }) => await lookInside(redis))))
    await requireOpenable(sources, contents, keyring)
    say(`The backup holds ${count(contents.accounts, 'account')} and ${count(contents.authenticators, 'authenticator')}.`)
    say(tellSecrets(contents, keyring))
    if (check) say('It can be read and restored. Nothing was changed.')
    else await putBack(sources, contents, config, force)
  } finally {
    await Promise.all(sources.map(async ({ close }) => { await close() }))
  }
}

async function putBack (sources: Source[], contents: Contents, config: Config, force: string | undefined): Promise<void> {
  const opened = await openAlone(config)
  // One word, to be given to --force.
  const where = config.redis ? whereIs(opened.target).replaceAll(', ', ',') : resolve(config.dataDir)
  // Patient: a busy disk may take longer than a request may.
  const redis = createRedis(opened.target, 'worker')
  redis.on('error', () => {})
  try {
    await requireFree(opened.redis, where, force)
    await redis.connect()
    await deleteOurs(redis)
    const over = await copySurviving(sources.map((source) => source.redis), redis)
    const now = await lookInside(redis)
    // With the secret at hand, as the server does at its start.
    await opened.tags.load()
    if (now.accounts !== contents.accounts) {
      throw new Error(`${where} holds ${count(now.accounts, 'account')} now, not ${contents.accounts}: something else writes to it. ` +
        `Stop that, and run this again with --force ${where}`)
    }
    say(`${count(now.accounts, 'account')} of the backup are in ${where} now, and the secret opens them.`)
    say(`Left out: sessions, trusted browsers, codes and queued mails (${count(over, 'record')}). Nothing that was ended or used since ` +
      'the backup lives on, and everybody signs in again, with both steps.')
    say('')
    say('Next: start the servers, and run dvokrok doctor. Then repeat what was done since the backup: disable and delete accounts again,')
    say('grant or take the admin role. Changed passwords, removed authenticators and used recovery codes are as they were: tell people.')
  } finally {
    redis.disconnect()
    await opened.close()
  }
}

async function requireOpenable (sources: Source[], { addressKey }: Contents, keyring: Keyring): Promise<void> {
  if (addressKey === null) throw new Error('The backup holds nothing of Dvokrok. Is it the right file?')
  const sealed = (await Promise.all(sources.map(async ({ redis }) => await redis.get(keys.addressKey)))).find((value) => value !== null)
  if (keyring.unseal(sealed ?? '', 'address key') !== null) return
  throw new Error(`It was made under another secret (key id ${addressKey}; the one here is ${keyring.current.id}), so nothing was ` +
    'changed. Set SECRET to that one, or add it to SECRET_PREVIOUS; of a generated one put the file `secret` back into DATA_DIR.')
}

/** @throws Error when a server uses this Redis, or it holds accounts and `force` does not name it */
async function requireFree (redis: RedisClient, where: string, force: string | undefined): Promise<void> {
  const lists = await Promise.all(mastersOf(redis).map(async (node) => String(await node.client('LIST').catch(() => ''))))
  // The mail worker of a server gives its connection a name.
  const server = lists.flatMap((list) => list.split('\n')).find((line) => line.includes(` name=${keys.mail}:`))
  if (server !== undefined) {
    throw new Error(`A server uses ${where} (it is connected from ${/ addr=(\S+)/.exec(server)?.[1]}). Stop all servers first.`)
  }
  const { accounts } = await lookInside(redis)
  if (accounts === 0 || force === where) return
  throw new Error(`${where} holds ${count(accounts, 'account')}, so nothing was changed. To put the backup in their place: ` +
    `--force ${where} (make a backup of them before).`)
}

function readArguments (): { names: string[], check: boolean, force: string | undefined } {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { check: { type: 'boolean', default: false }, force: { type: 'string' }, help: { type: 'boolean', default: false } }
    })
    if (!values.help && positionals.length === 0) throw new Error('Name the backup.')
    if (values.help) process.stdout.write(helpOf(RESTORE))
    return { names: values.help ? [] : positionals, check: values.check, force: values.force }
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n\n${helpOf(RESTORE)}`)
  }
}

const noSecret = ({ dataDir }: Config): string =>
  'There is no secret, and without the right one a backup is of no use: nothing was changed. Set SECRET, or put ' +
  `${join(dataDir, 'secret')} back.`

main().catch((error: unknown) => {
  if (!(error instanceof UsageError)) {
    fail(error)
    return
  }
  process.stderr.write(error.message)
  process.exitCode = 2
})
