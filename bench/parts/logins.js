import { execFile, fork } from 'node:child_process'
import { once } from 'node:events'
import { lookup } from 'node:dns/promises'
import { availableParallelism } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { startLoad } from '../lib/load.js'
import { say } from '../lib/progress.js'
import * as requests from '../lib/requests.js'
import { alternate, median } from '../lib/rounds.js'
import { createWorld, emailOf, PASSWORD } from '../lib/world.js'

const CONNECTIONS = 16
const FLOOD_CONNECTIONS = 500
const ME_CONNECTIONS = 20
const ME_PER_SECOND = 200
const none = { p50: NaN, p90: NaN, p99: NaN }

/** Logins beside bare bcrypt, and me while somebody throws logins at the server. */
export async function measureLogins (machine, load, { cost, seconds, rounds, floodSeconds }) {
  const sink = fork(new URL('../lib/smtp-sink.js', import.meta.url))
  const [{ port }] = await once(sink, 'message')
  const redis = await machine.redis('redis-logins')
  const world = await createWorld(machine, redis, { bcryptCost: cost })
  const perRun = Math.ceil(seconds * 200 / 2 ** Math.max(0, cost - 10)) + CONNECTIONS
  await world.addAccounts(0, perRun * (rounds + 1))
  const server = await machine.server(redis, { BCRYPT_COST: String(cost), SMTP_URL: `smtp://127.0.0.1:${port}` }, 'server-logins')
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
  const flood = await measureFlood({ world, server, load, sink, floodSeconds })
  await server.end()
  sink.disconnect()
  return { cost, cores: availableParallelism(), logins, byCost, flood }
}

async function bareBcrypt (cost, seconds) {
  const cores = availableParallelism()
  const { stdout } = await promisify(execFile)(process.execPath, [new URL('../lib/bare-bcrypt.js', import.meta.url).pathname, cost, seconds, 2 * cores],
    { env: { ...process.env, UV_THREADPOOL_SIZE: String(cores) } })
  return { ...JSON.parse(stdout), latency: none, serverCpu: NaN, loadCpu: NaN, cpuMicroseconds: NaN }
}

async function measureFlood ({ world, server, load, sink, floodSeconds }) {
  await load.set('me-steady', requests.me(world, 0, 100))
  const steady = (seconds) => load.run(server, { set: 'me-steady', connections: ME_CONNECTIONS, seconds, rate: ME_PER_SECOND, accept: [200, 503] })
  await steady(3)
  const quiet = await steady(floodSeconds)
  const flooder = startLoad()
  // An unknown address costs as much password work as a known one.
  await flooder.set('flood', Array.from({ length: FLOOD_CONNECTIONS }, (_, n) => requests.login(`nobody.${n}@example.org`, PASSWORD)))
  say(`${FLOOD_CONNECTIONS} logins a second for ${floodSeconds} s`)
  const flooding = flooder.run(server, { set: 'flood', connections: FLOOD_CONNECTIONS, seconds: floodSeconds, rate: FLOOD_CONNECTIONS, accept: [401, 429, 503] })
  await sleep(1000)
  const dnsMs = []
  const asking = setInterval(() => {
    const startedAt = performance.now()
    lookup('localhost').then(() => { dnsMs.push(performance.now() - startedAt) })
  }, 200)
  const before = await mailsOf(sink)
  const loud = await steady(floodSeconds - 2)
  clearInterval(asking)
  const flood = await flooding
  flooder.close()
  await sleep(2000)
  return { quiet: quiet.latency, loud: loud.latency, statuses: flood.statuses, refusedP50: flood.latency.p50, dnsMs: median(dnsMs), mailsBefore: before, mailsAfter: await mailsOf(sink) }
}

async function mailsOf (sink) {
  sink.send({})
  const [{ taken }] = await once(sink, 'message')
  return taken
}
