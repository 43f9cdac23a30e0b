import type { Keyring } from '../../platform/keyring.ts'
import type { RedisClient } from '../../platform/redis/connect.ts'
import { countRecords, type RecordCounts } from '../doctor/redis-store.ts'

/** What some data hold and need, for people. Never a secret: ids of keys only. */
export interface Contents { accounts: number, authenticators: number, addressKey: string | null, needed: string[] }

export async function lookInside (redis: RedisClient): Promise<Contents> {
  return summarize(await countRecords(redis, () => {}))
}

const sum = (counts: Map<string, number>): number => [...counts.values()].reduce((total, count) => total + count, 0)

function summarize ({ passwords, authenticators, addressKey }: RecordCounts): Contents {
  const needed = new Set([...addressKey === null ? [] : [addressKey], ...passwords.keys(), ...authenticators.keys()])
  return { accounts: sum(passwords), authenticators: sum(authenticators), addressKey, needed: [...needed].toSorted() }
}

/** Of the shards of a Cluster together. */
export function together (parts: Contents[]): Contents {
  return {
    accounts: parts.reduce((total, { accounts }) => total + accounts, 0),
    authenticators: parts.reduce((total, { authenticators }) => total + authenticators, 0),
    addressKey: parts.find(({ addressKey }) => addressKey !== null)?.addressKey ?? null,
    needed: [...new Set(parts.flatMap(({ needed }) => needed))].toSorted()
  }
}

export const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`

/** Which secrets open it, and whether we have them. */
export function tellSecrets ({ needed }: Contents, { all }: Keyring): string {
  const names = needed.map((id) => {
    const place = all.findIndex((keys) => keys.id === id)
    if (place === -1) return `${id} (NOT GIVEN HERE: add that secret to SECRET_PREVIOUS)`
    return `${id} (${place === 0 ? 'SECRET' : 'in SECRET_PREVIOUS'})`
  })
  return `It needs the secret with the key id ${names.join(' and ')}.`
}
