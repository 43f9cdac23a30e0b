import { userInfo } from 'node:os'
import { now } from '../../platform/clock.ts'
import { newId } from '../../platform/ids.ts'
import { createAccountsStore } from '../../records/accounts/accounts-store.ts'
import { createAdminStore } from '../../records/accounts/administration-store.ts'
import { createAdminLogStore } from '../../records/admin-log/admin-log-store.ts'
import { canonicalAddress } from '../../records/accounts/address.ts'
import { fail } from './failure.ts'
import { openForCommand } from './open.ts'

/** `npm run admin:grant -- address`: makes the owner of a confirmed account an admin. The only way to get the first admin. */
async function main (): Promise<string> {
  const address = process.argv[2]
  if (!address) throw new Error('Name the account: npm run admin:grant -- olena@example.org')
  const { redis, run, tags, close } = await openForCommand()
  try {
    const owner = await createAccountsStore(redis, run, tags).findOwner(await tags.of(canonicalAddress(address)))
    if (!owner) throw new Error(`${address} has no confirmed account. Sign up with it first, then run this again.`)
    const client = { ip: '', device: '' }
    const [log, operation, action] = [createAdminLogStore(redis, run), newId(), 'role_changed'] as const
    const who = { kind: 'cli', id: '', name: userInfo().username } as const
    await log.begin(operation, { at: now(), aim: action, actor: who, accountId: owner.id, ...client })
    await createAdminStore(redis, run).grant(owner.id, { ...client, by: 'operator', operation })
    await log.settle(operation, [action])
    return `${owner.email} is an admin now. All sessions of the account were ended; the next sign-in asks for the second step.`
  } finally {
    await close()
  }
}

main().then(
  (line) => { process.stdout.write(`${line}\n`) },
  fail)
