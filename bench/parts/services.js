import { fork } from 'node:child_process'
import { once } from 'node:events'
import { startLimitPeer } from '../lib/limit-peer.js'
import { addPasskeys } from '../lib/passkeys.js'
import { installPeers } from '../lib/peers.js'
import { say } from '../lib/progress.js'
import * as requests from '../lib/requests.js'
import { alternate } from '../lib/rounds.js'
import { createWorld, ISSUER } from '../lib/world.js'
import { measureEvents } from './events.js'

const CONNECTIONS = 64

/** What other services ask, sign-ins by passkey, and what those who listen to the events cost the others. */
export async function measureServices (machine, load, sizes) {
  const { tokens, seconds, rounds, streams } = sizes
  installPeers(['limit'])
  const redis = await machine.redis('redis-services')
  const world = await createWorld(machine, redis)
  say(`seeding ${tokens} accounts`)
  await world.addAccounts(0, tokens)
  const server = await machine.server(redis, {}, 'server-services')
  const limit = await startLimitPeer(machine, redis)
  await load.set('introspect', requests.introspect(world, await world.serviceKey('introspect'), 0, tokens))
  const introspect = (target) =>
    () => load.run(target, { kind: 'again', set: 'introspect', connections: CONNECTIONS, seconds })
  say('each token for the first time')
  for (const target of [server, limit]) await load.run(target, { set: 'introspect', connections: CONNECTIONS, accept: [200, 503] })
  const results = {
    introspect: await alternate('POST /auth/introspect', rounds, { product: introspect(server), limit: introspect(limit) })
  }
  await limit.end()
  results.passkeys = await measurePasskeys({ redis, world, server, load, ...sizes })
  await server.end()
  if (streams > 0) results.events = await measureEvents(machine, load, sizes)
  return results
}

async function measurePasskeys ({ redis, world, server, load, turns, rounds }) {
  const bare = fork(new URL('../lib/bare-webauthn.js', import.meta.url), { serialization: 'advanced' })
  const ended = once(bare, 'exit').then(([code]) => { throw new Error(`the bare check ended with code ${code}`) })
  ended.catch(() => {})
  const makeSignIns = await addPasskeys(redis, world, turns)
  let series = 0
  let { assertions } = await makeSignIns('first')
  const results = await alternate('POST /auth/passkeys/verify', rounds, {
    product: async () => {
      const signIns = await makeSignIns(++series)
      assertions = signIns.assertions
      await load.set('passkeys', signIns.requests)
      return await load.run(server, { set: 'passkeys', connections: CONNECTIONS })
    },
    limit: async () => {
      bare.send({ assertions, origin: ISSUER, atOnce: CONNECTIONS })
      const [result] = await Promise.race([once(bare, 'message'), ended])
      return result
    }
  })
  bare.disconnect()
  return results
}
