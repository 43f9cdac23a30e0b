import { setPriority } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { startLoad } from '../lib/load.js'
import { say } from '../lib/progress.js'
import * as requests from '../lib/requests.js'
import { emailOf, PASSWORD } from '../lib/world.js'

const CONNECTIONS = 500
// Where cores are few, the flood's own work would keep the process that measures from looking at its clock.
const FLOODER_PRIORITY = 5
const ME_PER_SECOND = 200
const MAIL_EVERY_MS = 3_000
const MAIL_IN_TIME_MS = 10_000
/** What is still queued of one flood must not be in the next. */
const CALM_MS = 12_000

/** `me` and mail, without a flood of logins and with two: one at a rate, and one in which each connection asks again at once. */
export async function measureFlood ({ world, server, load, relay, floodSeconds: seconds }) {
  await load.set('me-steady', requests.me(world, 0, 100))
  const steady = async (seconds) => await load.run(server, { kind: 'steady', set: 'me-steady', perSecond: ME_PER_SECOND, seconds })
  const flooder = startLoad()
  setPriority(flooder.pid, FLOODER_PRIORITY)
  // An unknown address costs as much password work as a known one.
  await flooder.set('flood', Array.from({ length: CONNECTIONS }, (_, n) => requests.login(`nobody.${n}@example.org`, PASSWORD)))
  const floods = { quiet: null, [`${CONNECTIONS} a second`]: { rate: CONNECTIONS }, 'as fast as they are answered': {} }
  const results = {}
  await steady(3)
  let from = 0
  for (const [name, rate] of Object.entries(floods)) {
    say(`me for ${seconds} s, flood: ${name}`)
    const flooding = rate &&
      flooder.run(server, { set: 'flood', connections: CONNECTIONS, seconds: seconds + 3, accept: [401, 429, 503], ...rate })
    // The connections have to be there.
    await sleep(1_500)
    const to = from + Math.ceil(seconds * 1000 / MAIL_EVERY_MS)
    const [{ latency }, mails] = await Promise.all([steady(seconds), askForMails({ world, server, relay, series: name, from, to })])
    const flood = await flooding
    results[name] = { latency, mails, statuses: flood?.statuses ?? {}, answeredPerSecond: flood?.perSecond ?? 0 }
    from = to
    await sleep(flood ? CALM_MS : 0)
  }
  flooder.close()
  return results
}

/** Codes asked for again, one after the other, and how long each took to the relay. */
async function askForMails ({ world, server, relay, series, from, to }) {
  await world.addAttempts(from, to, series)
  const milliseconds = []
  for (let n = from; n < to; n++) {
    const startedAt = performance.now()
    const arriving = relay.mailTo(emailOf(n), MAIL_IN_TIME_MS)
    const { status } = await fetch(
      `${server.url}/auth/2fa/resend`, { method: 'POST', headers: { authorization: `Bearer ${world.pendingToken(n, series)}` } }
    )
    if (status === 200 && await arriving) milliseconds.push(performance.now() - startedAt)
    await sleep(Math.max(0, MAIL_EVERY_MS - (performance.now() - startedAt)))
  }
  return { asked: to - from, arrived: milliseconds.length, slowestMs: Math.max(0, ...milliseconds) }
}
