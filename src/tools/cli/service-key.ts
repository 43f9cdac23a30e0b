import { NAME_PATTERN } from '../../records/accounts/account.ts'
import { formatServiceKey, isScope, SCOPES } from '../../records/service-keys/service-key.ts'
import { createServiceKeysStore, type ListedServiceKey, type ServiceKeysStore } from '../../records/service-keys/service-keys-store.ts'
import { UsageError } from '../usage-error.ts'
import { helpOf, SERVICE_KEY } from './commands.ts'
import { fail } from './failure.ts'
import { openForCommand } from './open.ts'

/** What an account's activity calls its owner and admins. */
const RESERVED: ReadonlySet<string> = new Set(['self', 'admin'])

type Action = (store: ServiceKeysStore) => Promise<void>

/** `npm run service:key -- add NAME SCOPE,... | list | remove ID`: what other services call us with. */
async function main (): Promise<void> {
  const [word = '', ...args] = process.argv.slice(2)
  if (word === '--help') {
    process.stdout.write(helpOf(SERVICE_KEY))
    return
  }
  const action = actionOf(word, args)
  const { redis, run, close } = await openForCommand()
  try {
    await action(createServiceKeysStore(redis, run))
  } finally {
    await close()
  }
}

/** @throws UsageError */
function actionOf (word: string, args: string[]): Action {
  const [first = '', second = ''] = args
  if (word === 'add' && args.length === 2) return add(first, second)
  if (word === 'list' && args.length === 0) return list
  if (word === 'remove' && args.length === 1) return remove(first)
  throw new UsageError(`dvokrok service-key takes ${SERVICE_KEY.args}.\n\n${helpOf(SERVICE_KEY)}`)
}

function add (name: string, words: string): Action {
  if (name.length > 100 || !new RegExp(NAME_PATTERN, 'u').test(name)) throw new UsageError('NAME is 1 to 100 characters.')
  if (RESERVED.has(name.trim().toLowerCase())) throw new UsageError(`NAME cannot be “${name}”: an activity would read as somebody else's.`)
  const given = [...new Set(words.split(','))]
  const unknown = given.filter((word) => !isScope(word))
  if (unknown.length > 0) throw new UsageError(`There is no scope “${unknown.join(', ')}”. Scopes are ${SCOPES.join(', ')}.`)
  return async (store) => {
    const credentials = await store.add(name, given.filter(isScope))
    // The key alone on standard output, so that it can be piped into a file without being seen.
    process.stderr.write(`The key of ${name}, with ${given.join(', ')}. It is shown this once; to end it: dvokrok service-key remove ` +
      `${credentials.id}\n`)
    process.stdout.write(`${formatServiceKey(credentials)}\n`)
  }
}

const list: Action = async (store) => {
  const found = await store.list()
  if (found.length === 0) process.stderr.write('There are no service keys.\n')
  for (const key of found) process.stdout.write(`${lineOf(key)}\n`)
}

function lineOf ({ id, name, scopes, createdAt, lastUsedAt }: ListedServiceKey): string {
  const day = (at: number): string => new Date(at).toISOString().slice(0, 10)
  const used = lastUsedAt === null ? 'never used' : `last used ${day(lastUsedAt)}`
  return `${id}  ${name}  ${scopes.join(',')}  made ${day(createdAt)}, ${used}`
}

const remove = (id: string): Action => async (store) => {
  if (!await store.remove(id)) throw new Error(`There is no service key ${id}. dvokrok service-key list shows them.`)
  process.stdout.write(`The service key ${id} opens nothing any more.\n`)
}

main().catch((error: unknown) => {
  fail(error)
  if (error instanceof UsageError) process.exitCode = 2
})
