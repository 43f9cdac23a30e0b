import { say } from '../lib/progress.js'
import { alternate } from '../lib/rounds.js'
import { unlogged, usedMemory } from '../lib/seed.js'
import { createWorld, emailOf } from '../lib/world.js'

const PER_SECOND = 25
const QUERIES = 1_000

/** Finding accounts by a beginning, and the newest of all; and what the index needs for each account. */
export async function measureSearch (machine, load, { accounts, seconds, rounds }) {
  const redis = await machine.redis('redis-search')
  const world = await createWorld(machine, redis)
  const weight = await unlogged(redis, () => populate(machine, redis, world, accounts))
  const server = await machine.server(redis, {}, 'server-search')
  const headers = { authorization: `Bearer ${await world.serviceKey('users:read')}` }
  const found = (q) => ({ path: `/admin/users${q === undefined ? '' : `?q=${encodeURIComponent(q)}`}`, headers })
  // While somebody types: of an address from its second letter on, or of a name.
  const typed = Array.from({ length: QUERIES }, (_, i) => {
    const n = Math.floor(i * accounts / QUERIES)
    const word = i % 2 === 0 ? emailOf(n) : `Olena ${String(n).padStart(7, '0')}`
    return found(word.slice(0, 2 + i % (word.length - 1)))
  })
  await load.set('search', typed)
  await load.set('list', [found()])
  const steady = (set) => () => load.run(server, { kind: 'steady', set, perSecond: PER_SECOND, seconds })
  const speed = await alternate(`GET /admin/users among ${accounts}`, rounds, { search: steady('search'), list: steady('list') })
  await server.end()
  await redis.end()
  return { accounts, perSecond: PER_SECOND, ...weight, ...speed }
}

async function populate (machine, redis, world, accounts) {
  say(`seeding ${accounts} accounts`)
  const empty = await usedMemory(redis)
  await world.addAccounts(0, accounts)
  const seeded = await usedMemory(redis)
  say('building their index')
  const startedAt = performance.now()
  await machine.command(redis, 'accounts', 'index')
  const indexSeconds = (performance.now() - startedAt) / 1000
  const indexed = await usedMemory(redis)
  return { indexSeconds, bytes: { without: (seeded - empty) / accounts, with: (indexed - empty) / accounts } }
}
