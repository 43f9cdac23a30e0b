import { execFile } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { promisify } from 'node:util'
import { startRelay } from '../lib/relay.js'
import * as requests from '../lib/requests.js'
import { alternate } from '../lib/rounds.js'
import { createWorld, emailOf, PASSWORD } from '../lib/world.js'
import { measureFlood } from './flood.js'

const CONNECTIONS = 16
const none = { p50: NaN, p90: NaN, p99: NaN }

/** Logins beside bare bcrypt, and me while somebody throws logins at the server. */
export async function measureLogins (machine, load, { cost, seconds, rounds, floodSeconds }) {
  const relay = await startRelay()
  const redis = await machine.redis('redis-logins')
  const world = await createWorld(machine, redis, { bcryptCost: cost })
  const perRun = Math.ceil(seconds * 200 / 2 ** Math.max(0, cost - 10)) + CONNECTIONS
  await world.addAccounts(0, perRun * (rounds + 1))
  const server = await machine.server(
    redis, { BCRYPT_COST: String(cost), SMTP_URL: relay.url, LIMIT_RESEND_PER_SOURCE: '1000' }, 'server-logins'
  )
  let run = 0
  const logins = await alternate(`logins at cost ${cost}`, rounds, {
    product: async () => {
      // Everybody once: an address gets ten mails an hour.
      const from = perRun * run++
      await load.set('logins', Array.from({ length: perRun }, (_, n) => requests.login(emailOf(from + n), PASSWORD)))
      return await load.run(server, { set: 'logins', connections: CONNECTIONS, seconds })
    },
    'bare bcrypt': () => bareBcrypt(cost, seconds)
  })
  const byCost = {}
  for (const one of [10, 11, 12, 13]) byCost[one] = (await bareBcrypt(one, 3)).perSecond
  const flood = await measureFlood({ world, server, load, relay, floodSeconds })
  await server.end()
  relay.close()
  return { cost, cores: availableParallelism(), logins, byCost, flood }
}

async function bareBcrypt (cost, seconds) {
  const cores = availableParallelism()
  const script = new URL('../lib/bare-bcrypt.js', import.meta.url).pathname
  const env = { ...process.env, UV_THREADPOOL_SIZE: String(cores) }
  const { stdout } = await promisify(execFile)(process.execPath, [script, cost, seconds, 2 * cores], { env })
  return { ...JSON.parse(stdout), latency: none, serverCpu: NaN, cpuMicroseconds: NaN }
}
