import { readFileSync } from 'node:fs'
import type { RedisClient } from '../../src/platform/redis/connect.ts'
import { mastersOf } from '../../src/platform/redis/nodes.ts'

const ageRecordsScript = readFileSync(new URL('./age-records.lua', import.meta.url), 'utf8')

/**
 * Makes `milliseconds` pass for the keys with these prefixes (`'*'`: all but mails), instead of faking a clock: hash fields named `...At`
 * and sorted-set scores that are times move into the past, times to live get shorter, and what would have expired is gone. Answers how many
 * keys it met.
 */
export async function ageRecords (client: RedisClient, prefixes: string[] | '*', milliseconds: number): Promise<number> {
  // An empty list would mean every key to the script.
  if (prefixes.length === 0) return 0
  const counts = await Promise.all(
    mastersOf(client).map(async (master) =>
      Number(await master.eval(ageRecordsScript, 0, milliseconds, ...(prefixes === '*' ? [] : prefixes)))
    )
  )
  return counts.reduce((sum, count) => sum + count)
}
