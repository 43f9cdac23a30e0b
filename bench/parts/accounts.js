import { say } from '../lib/progress.js'
import { startRelay } from '../lib/relay.js'
import * as requests from '../lib/requests.js'
import { alternate } from '../lib/rounds.js'
import { unlogged, usedMemory } from '../lib/seed.js'
import { accountOf, createWorld, emailOf, PASSWORD, sessionOf } from '../lib/world.js'
import { keys } from '../../dist/src/platform/redis/keys.js'

const CONNECTIONS = 64
const LOGIN_CONNECTIONS = 16
const SESSIONS_EACH = 50
/** A login is bcrypt beside which nothing else is seen; at this cost the most is seen of the rest. */
const BCRYPT_COST = 10

/** The same load against few accounts and many, and what Redis needs for each of them. */
export async function measureAccounts (machine, load, { tokens, few, many, turns, meSeconds, loginSeconds, rounds }) {
  const relay = await startRelay()
  const small = await populate(machine, relay, 'few', few, SESSIONS_EACH)
  const large = await populate(machine, relay, 'many', many, 1)
  const memory = await weigh(large, many)
  await load.set('me-few', requests.me(small.world, 0, tokens, SESSIONS_EACH))
  await load.set('me-many', requests.me(large.world, 0, tokens))
  await load.set('refresh-few', requests.refresh(small.world, 0, turns, SESSIONS_EACH))
  await load.set('refresh-many', requests.refresh(large.world, 0, turns))
  const refresh = (name, place, sessions) => async () => {
    await place.world.rewindSessions(0, turns, sessions)
    return await load.run(place.server, { set: `refresh-${name}`, connections: CONNECTIONS })
  }
  const results = { few, many, memory }
  const me = (name, { server }) =>
    () => load.run(server, { kind: 'again', set: `me-${name}`, connections: CONNECTIONS, seconds: meSeconds })
  results.me = await alternate(`GET /auth/me, ${few} and ${many} accounts`, rounds, { few: me('few', small), many: me('many', large) })
  results.refresh = await alternate(`POST /auth/refresh, ${few} and ${many} accounts`, rounds, {
    few: refresh('few', small, SESSIONS_EACH), many: refresh('many', large, 1)
  })
  let from = 0
  const login = (place, accounts) => async () => {
    // Another part of them each time: an address gets ten mails an hour.
    const count = Math.ceil(loginSeconds * 100)
    await load.set('login', Array.from({ length: count }, (_, n) => requests.login(emailOf((from + n) % accounts), PASSWORD)))
    from += count
    return await load.run(place.server, { set: 'login', connections: LOGIN_CONNECTIONS, seconds: loginSeconds })
  }
  results.login = await alternate(`logins, ${few} and ${many} accounts`, rounds, { few: login(small, few), many: login(large, many) })
  for (const { server, redis } of [small, large]) {
    await server.end()
    await redis.end()
  }
  relay.close()
  return results
}

async function populate (machine, relay, name, accounts, sessionsEach) {
  const redis = await machine.redis(`redis-${name}`)
  const world = await createWorld(machine, redis, { bcryptCost: BCRYPT_COST })
  say(`seeding ${accounts} accounts with ${accounts * sessionsEach} sessions`)
  const used = await unlogged(redis, async () => {
    const before = await usedMemory(redis)
    await world.addAccounts(0, accounts, sessionsEach)
    return await usedMemory(redis) - before
  })
  return {
    redis, world, used, server: await machine.server(redis, { BCRYPT_COST: String(BCRYPT_COST), SMTP_URL: relay.url }, `server-${name}`)
  }
}

/** Bytes by key as Redis tells them (MEMORY USAGE), averaged over a few accounts, and all memory divided by the accounts. */
async function weigh ({ redis, world, used }, accounts) {
  const samples = Array.from({ length: 100 }, (_, i) => Math.floor(i * accounts / 100))
  const average = async (keyOf) => {
    const sizes = await Promise.all(samples.map(async (n) => await redis.client.memory('USAGE', await keyOf(n))))
    return Math.round(sizes.reduce((sum, size) => sum + Number(size ?? 0), 0) / sizes.length)
  }
  return {
    account: await average((n) => keys.account(accountOf(n)).record),
    addressIndex: await average(async (n) => keys.address(await world.tags.of(emailOf(n))).owner),
    session: await average((n) => keys.account(accountOf(n)).session(sessionOf(n))),
    sessionIndex: await average((n) => keys.account(accountOf(n)).sessions),
    devices: await average((n) => keys.account(accountOf(n)).devices),
    activity: await average((n) => keys.account(accountOf(n)).activity),
    allTogether: Math.round(used / accounts)
  }
}
