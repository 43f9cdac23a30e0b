import { startLimitPeer } from '../lib/limit-peer.js'
import { betterAuthRequests, expressRequests, installPeers, PEER_SECRET } from '../lib/peers.js'
import { say } from '../lib/progress.js'
import * as requests from '../lib/requests.js'
import { alternate } from '../lib/rounds.js'
import { createWorld } from '../lib/world.js'

const CONNECTIONS = 64

/** me, refresh and verify-otp beside the limit; me also beside the classic stack and better-auth. */
export async function measureRoutes (machine, load, { tokens, turns, meSeconds, rounds, withPeers = true }) {
  installPeers(withPeers ? ['limit', 'express', 'better-auth'] : ['limit'])
  const redis = await machine.redis()
  const world = await createWorld(machine, redis)
  say(`seeding ${tokens} accounts`)
  await world.addAccounts(0, tokens)
  const server = await machine.server(redis, { TWO_FACTOR_TOKEN_TTL_MINUTES: '10' })
  const limit = await startLimitPeer(machine, redis)

  say(`signing ${tokens} tokens`)
  await load.set('me', requests.me(world, 0, tokens))
  await load.set('bare', Array.from({ length: CONNECTIONS }, () => ({ path: '/bare' })))
  const all = (set, target) => () => load.run(target, { kind: 'again', set, connections: CONNECTIONS, seconds: meSeconds })
  say('each token for the first time')
  const first = (target) => load.run(target, { set: 'me', connections: CONNECTIONS, accept: [200, 503] })
  const cold = { product: await first(server), limit: await first(limit) }

  await load.set('refresh', requests.refresh(world, 0, turns))
  const refresh = (target) => async () => {
    await world.rewindSessions(0, turns)
    return await load.run(target, { set: 'refresh', connections: CONNECTIONS })
  }
  let series = 0
  const verifyOtp = (target) => async () => {
    await world.addAttempts(0, turns, ++series)
    await load.set('verify-otp', requests.verifyOtp(world, 0, turns, series))
    return await load.run(target, { set: 'verify-otp', connections: CONNECTIONS })
  }
  const results = { cold }
  results.bare = await alternate('a bare route without Redis', 1, { bare: all('bare', limit) })
  const me = { product: all('me', server), limit: all('me', limit) }
  if (withPeers) {
    me['two reads'] = all('me', await startLimitPeer(machine, redis, { twoReads: true }))
    const express = await machine.peer('express', redis, { BENCH_JWT_SECRET: PEER_SECRET })
    const betterAuth = await machine.peer('better-auth', redis, { BENCH_BETTER_AUTH_SECRET: PEER_SECRET })
    await load.set('express', await expressRequests(redis, tokens))
    await load.set('better-auth', await betterAuthRequests(redis, tokens))
    me.express = all('express', express)
    me['better-auth'] = all('better-auth', betterAuth)
  }
  results.me = await alternate('GET /auth/me', rounds, me)
  results.refresh = await alternate('POST /auth/refresh', rounds, { product: refresh(server), limit: refresh(limit) })
  results.verifyOtp = await alternate('POST /auth/verify-otp', rounds, { product: verifyOtp(server), limit: verifyOtp(limit) })
  for (const process of [server, limit]) await process.end()
  return results
}
