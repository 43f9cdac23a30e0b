import * as requests from '../lib/requests.js'
import { alternate } from '../lib/rounds.js'
import { createWorld } from '../lib/world.js'

const CONNECTIONS = 64

/** What a second worker process brings for me and refresh. On two cores the load and Redis need their share of both. */
export async function measureWorkers (machine, load, { tokens, turns, meSeconds, rounds }) {
  const redis = await machine.redis('redis-workers')
  const world = await createWorld(machine, redis)
  await world.addAccounts(0, tokens)
  const one = await machine.server(redis, {}, 'one-worker')
  const two = await machine.server(redis, { WORKERS: '2' }, 'two-workers')
  await load.set('me', requests.me(world, 0, tokens))
  await load.set('refresh', requests.refresh(world, 0, turns))
  const refresh = (target) => async () => {
    await world.rewindSessions(0, turns)
    return await load.run(target, { set: 'refresh', connections: CONNECTIONS })
  }
  const me = (target) => () => load.run(target, { kind: 'again', set: 'me', connections: CONNECTIONS, seconds: meSeconds })
  const results = {
    me: await alternate('GET /auth/me by workers', rounds, { one: me(one), two: me(two) }),
    refresh: await alternate('POST /auth/refresh by workers', rounds, { one: refresh(one), two: refresh(two) })
  }
  for (const server of [one, two]) await server.end()
  return results
}
