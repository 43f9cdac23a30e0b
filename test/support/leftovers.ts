import type { RedisClient } from '../../src/platform/redis/connect.ts'
import { mastersOf } from '../../src/platform/redis/nodes.ts'
import { ALL_ACCOUNTS, ofAccount } from './key-prefixes.ts'
import { shaped } from './shapes.ts'

/** Keys that may live for good; patterns, because a key that should not be there has a name that nobody builds. */
const LASTING = new RegExp('^(' + [
  '\\{u:.{22}\\}:(account|totp|passkeys|recovery|addresses)',
  '\\{a:.{22}\\}:owner',
  '\\{dvokrok\\}:(address-key|admins|index.*)',
  '\\{(mail|events)\\}:.*'
].join('|') + ')$')

async function allKeys (client: RedisClient): Promise<string[]> {
  const names = new Set<string>()
  for (const master of mastersOf(client)) {
    for await (const page of master.scanStream({ count: 1000 })) for (const name of shaped<string[]>(page)) names.add(name)
  }
  return [...names]
}

/** Keys that should die by themselves and do not. */
export async function immortalKeys (client: RedisClient): Promise<string[]> {
  const names = (await allKeys(client)).filter((name) => !LASTING.test(name))
  const lives = await Promise.all(names.map(async (name) => await client.pttl(name)))
  return names.filter((_name, index) => lives[index] === -1)
}

/** One sentence for everything that belongs to nothing or never ends (I7), and for each address with two accounts (I6). */
export async function leftovers (client: RedisClient): Promise<string[]> {
  const found = (await immortalKeys(client)).map((name) => `${name} never ends`)
  const names = new Set(await allKeys(client))
  const owned = new Map<string, string>()
  const addresses = new Set<string>()
  for (const name of names) {
    const [, tag = '', kind = '', id = ''] = /^(\{[^}]*\}):([^:]*):?(.*)$/.exec(name) ?? []
    if (tag.startsWith(ALL_ACCOUNTS) && tag !== ofAccount('nobody') && !names.has(`${tag}:account`)) found.push(`${name} has no account`)
    if (kind === 's' && await client.zscore(`${tag}:sessions`, id) === null) found.push(`${name} is in no list of sessions`)
    if (kind === 'owner') owned.set(ofAccount(String(await client.hget(name, 'accountId'))), name)
    if (kind === 'sessions') {
      for (const sid of await client.zrange(name, '0', '-1')) {
        if (!names.has(`${tag}:s:${sid}`)) found.push(`${name} lists ${sid}, which is gone`)
      }
    }
    if (kind === 'account') {
      const address = (await client.hget(name, 'email'))?.toLowerCase() ?? ''
      if (addresses.has(address)) found.push(`${name} has the address of another account`)
      addresses.add(address)
    }
  }
  for (const [tag, name] of owned) if (!names.has(`${tag}:account`)) found.push(`${name} leads to an account that is not there`)
  for (const name of names) {
    if (name.endsWith(':account') && !owned.has(name.slice(0, -':account'.length))) found.push(`no address leads to ${name}`)
  }
  return found
}
