import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../lib/machine.js'
import { say } from '../lib/progress.js'
import { startRelay } from '../lib/relay.js'
import * as requests from '../lib/requests.js'
import { median } from '../lib/rounds.js'
import { accountOf, createWorld, PASSWORD, sessionOf } from '../lib/world.js'

const CONNECTIONS = 64
const AT_ONCE = 4
const LOAD_SECONDS = 5
const TOO_LATE_MS = 10_000
const POLL_MS = 1

/** How long after the answer to an ending another process still takes the token, while `me` is asked as fast as it is answered. */
export async function measureEndings (machine, load, { endings, tokens }) {
  const { createVerifier } = await import('@dvokrok/verify')
  const relay = await startRelay()
  const redis = await machine.redis('redis-endings')
  const port = await freePort()
  const issuer = `http://localhost:${port}`
  const world = await createWorld(machine, redis, { issuer })
  await world.addAccounts(0, endings + tokens, 2)
  const env = { PORT: String(port), PUBLIC_URL: issuer, SMTP_URL: relay.url, BCRYPT_COST: '10' }
  const server = await machine.server(redis, env, 'server-endings')
  const verifier = createVerifier({ issuer, serviceKey: await world.serviceKey('events:read', 'introspect'), onFeedLost: 'introspect' })
  await verifier.ready()
  await load.set('me', requests.me(world, endings, endings + tokens))
  const ways = waysToEnd(world, `Bearer ${await world.serviceKey('users:write')}`)
  const names = Object.keys(ways)
  const took = Object.fromEntries(names.map((name) => [name, []]))

  // Those of the last seconds before an ending are asked about, because clocks may differ.
  const signed = Array.from({ length: endings }, (_, n) => world.accessToken(n, 1))
  let next = 0
  async function endSome () {
    for (let n = next++; n < endings; n = next++) {
      const name = names[n % names.length]
      const token = signed[n]
      await verifier.verify(token)
      const { path, body, ...options } = ways[name](n)
      const { status } = await fetch(`${server.url}${path}`, body ? withJson(options, body) : options)
      const answeredAt = performance.now()
      if (status >= 300) throw new Error(`${name}: ${status}\n${server.output().slice(-2000)}`)
      while (await isTaken(verifier, token)) {
        if (performance.now() - answeredAt > TOO_LATE_MS) throw new Error(`${name}: the token is still taken`)
        await sleep(POLL_MS)
      }
      took[name].push(performance.now() - answeredAt)
      if (n % 500 === 0) say(`${n} of ${endings} endings`)
    }
  }
  const over = new AbortController()
  const asked = []
  const loading = (async () => {
    const me = { kind: 'again', set: 'me', connections: CONNECTIONS, seconds: LOAD_SECONDS }
    while (!over.signal.aborted) asked.push(await load.run(server, me))
  })()
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, endSome))
  } finally {
    over.abort()
    await loading
    verifier.close()
    relay.close()
  }
  await server.end()
  await redis.end()
  const all = summary(Object.values(took).flat())
  const byWay = Object.fromEntries(names.map((name) => [name, summary(took[name])]))
  return { mePerSecond: median(asked.map(({ perSecond }) => perSecond)), ways: { all, ...byWay } }
}

/** The session that ends is the second one of each account. */
function waysToEnd (world, key) {
  const as = (n, session) => ({ authorization: `Bearer ${world.accessToken(n, session)}` })
  const byAdmin = (n) => ({ path: `/admin/users/${accountOf(n)}`, headers: { authorization: key } })
  return {
    logout: (n) => ({ path: '/auth/logout', method: 'POST', headers: as(n, 1) }),
    'password change': (n) => ({
      path: '/users/password',
      method: 'PUT',
      headers: as(n, 0),
      body: { currentPassword: PASSWORD, newPassword: 'paper-lantern-under-4711-bridges' }
    }),
    disabled: (n) => ({ ...byAdmin(n), method: 'PATCH', body: { status: 'disabled' } }),
    deleted: (n) => ({ ...byAdmin(n), method: 'DELETE' }),
    'remote sign-out': (n) => ({ path: `/users/me/sessions/${sessionOf(n, 1)}`, method: 'DELETE', headers: as(n, 0) })
  }
}

const withJson = ({ headers, ...options }, body) =>
  ({ ...options, headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(body) })

async function isTaken (verifier, token) {
  try {
    await verifier.verify(token)
    return true
  } catch (error) {
    if (error.code === 'SESSION_ENDED') return false
    throw error
  }
}

function summary (milliseconds) {
  const sorted = milliseconds.toSorted((a, b) => a - b)
  const at = (share) => sorted[Math.ceil(sorted.length * share) - 1]
  return { count: sorted.length, p50: at(0.5), p99: at(0.99), worst: sorted.at(-1) }
}
