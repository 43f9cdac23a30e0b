import { SECRET } from '../lib/machine.js'
import { startLoad } from '../lib/load.js'
import { openStreams, startReceiver } from '../lib/listeners.js'
import * as requests from '../lib/requests.js'
import { alternate } from '../lib/rounds.js'
import { createWorld } from '../lib/world.js'

const CONNECTIONS = 64
/** On both sides. */
const CHANGES_PER_SECOND = 10
const CHANGING_PEOPLE = 100

/** me and refresh with streams of events and a webhook, and without. */
export async function measureEvents (machine, load, { tokens, turns, seconds, rounds, streams: count }) {
  const receiver = await startReceiver()
  const webhook = { EVENTS_WEBHOOK_URL: receiver.url, EVENTS_WEBHOOK_SECRET: SECRET }
  const sides = { without: await start('without', {}), with: await start('with', webhook) }
  const { world, server } = sides.with
  const streams = await openStreams(server, await world.serviceKey('events:read'), count)
  const changing = startLoad()
  await load.set('me', requests.me(world, 0, tokens))
  await load.set('refresh', requests.refresh(world, 0, turns))
  await changing.set('renames', requests.renames(world, CHANGING_PEOPLE, 10_000))

  async function start (name, env) {
    const redis = await machine.redis(`redis-${name}`)
    const world = await createWorld(machine, redis)
    await world.addAccounts(0, tokens)
    return { redis, world, server: await machine.server(redis, env, `server-${name}`) }
  }

  const me = (_world, server) => load.run(server, { kind: 'again', set: 'me', connections: CONNECTIONS, seconds })
  const refresh = async (world, server) => {
    await world.rewindSessions(0, turns)
    return await load.run(server, { set: 'refresh', connections: CONNECTIONS })
  }
  const changed = (run) => async (world, server) => {
    const renames = changing.run(server, { kind: 'steady', set: 'renames', perSecond: CHANGES_PER_SECOND, seconds })
    const [result] = await Promise.all([run(world, server), renames])
    return result
  }
  // The check of a signature is not what is compared.
  for (const { server } of Object.values(sides)) await load.run(server, { set: 'me', connections: CONNECTIONS, accept: [200, 503] })
  const compare = async (name, run) => await alternate(`${name}, with ${count} streams and without`, rounds,
    Object.fromEntries(Object.entries(sides).map(([side, { world, server }]) => [side, () => run(world, server)])))
  const results = {
    streams: count,
    rows: {
      refresh: await compare('POST /auth/refresh', refresh),
      me: await compare('GET /auth/me', me),
      [`me, ${CHANGES_PER_SECOND} changes a second`]: await compare('GET /auth/me while people change', changed(me))
    }
  }
  results.told = { streams: streams.received(), webhook: receiver.received() }
  if (Math.min(results.told.streams, results.told.webhook) === 0) throw new Error(`nobody was told: ${JSON.stringify(results.told)}`)
  streams.close()
  receiver.close()
  changing.close()
  for (const { server, redis } of Object.values(sides)) {
    await server.end()
    await redis.end()
  }
  return results
}
