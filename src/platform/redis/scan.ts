import { createHash } from 'node:crypto'
import { Cluster, type Redis } from 'ioredis'
import { invalidField } from '../../errors.ts'
import type { RedisClient } from './connect.ts'
import { nodeAt, type Shard, shardsOf } from './nodes.ts'

/** Where to go on: in which shard, and how far on which server. */
interface Position { slot: number, server: string, cursor: string }

interface Page { keys: string[], cursor: string | null }

const KEYS_PER_STEP = 500
/** A page that finds little among many other keys is cut off, so that one request never holds Redis for long. */
const MOST_STEPS = 200
const SLOTS = 16384
/** Redis reads cursors as unsigned 64-bit numbers. */
const LAST_CURSOR = 2n ** 64n - 1n
const ONLY: Shard = { slot: 0, address: '' }

/**
 * A page of a SCAN over all masters, one after the other, in the order of their slots; an empty cursor begins. `take` is given keys and
 * says whether it wants more. Answers the cursor of the next page, null after the last. Each key that is there throughout is met at least
 * once; one whose slot moves to another master meanwhile may be missed. @throws Problem VALIDATION_FAILED for a cursor that is none of ours
 */
export async function scanKeys (
  redis: RedisClient, from: string, pattern: string, take: (keys: string[]) => boolean
): Promise<string | null> {
  const shards = redis instanceof Cluster ? shardsOf(redis) : [ONLY]
  let at = readCursor(from)
  for (let step = 0; step < MOST_STEPS; step++) {
    const { slot, cursor } = at
    const shard = shards.findLast((one) => one.slot <= slot) ?? ONLY
    const server = nameOf(shard)
    // A cursor means something to the server that gave it: the one that took over begins again.
    const start = server === at.server ? cursor : '0'
    const [next, found] = await nodeOf(redis, shard).scan(start, 'MATCH', pattern, 'COUNT', KEYS_PER_STEP)
    const following = next === '0' ? shards.find((one) => one.slot > shard.slot) : shard
    const wantsMore = take(found)
    if (!following) return null
    at = { slot: following.slot, server: nameOf(following), cursor: next }
    if (!wantsMore) break
  }
  return writeCursor(at)
}

/** The same to the end, in portions. */
export async function * scanAll (redis: RedisClient, pattern: string): AsyncGenerator<string[]> {
  for (let cursor: string | null = ''; cursor !== null;) {
    const page: Page = await scanPage(redis, cursor, pattern)
    cursor = page.cursor
    yield page.keys
  }
}

/** What one step finds. */
export async function scanPage (redis: RedisClient, from: string, pattern: string): Promise<Page> {
  let keys: string[] = []
  const cursor = await scanKeys(redis, from, pattern, (found) => {
    keys = found
    return false
  })
  return { keys, cursor }
}

function nodeOf (redis: RedisClient, { address }: Shard): Redis {
  if (!(redis instanceof Cluster)) return redis
  const node = nodeAt(redis, address)
  if (!node) throw new Error('Connection is closed.')
  return node
}

/** Tells servers apart without naming them. */
const nameOf = ({ address }: Shard): string => createHash('sha256').update(address).digest('hex').slice(0, 8)

function readCursor (text: string): Position {
  if (text === '') return { slot: 0, server: '', cursor: '0' }
  const [, slot, server = '', cursor = ''] = /^(\d{1,5})\.([0-9a-f]{8})\.(\d{1,20})$/.exec(Buffer.from(text, 'base64url').toString()) ?? []
  const position = { slot: Number(slot), server, cursor }
  if (position.slot < SLOTS && BigInt(cursor) <= LAST_CURSOR && writeCursor(position) === text) return position
  throw invalidField('/cursor')
}

const writeCursor = ({ slot, server, cursor }: Position): string => Buffer.from(`${slot}.${server}.${cursor}`).toString('base64url')
