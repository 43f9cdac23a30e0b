// Whether the server is busier after a request for an address that has an account than after one for a stranger's: `npm run bench:timing`.
// Pairs of both are asked in turn, each first half of the time, and ten small requests after each are timed. A pair tells on itself when
// they took longer, in the median, on the same side. By chance that is half of the pairs.
import { Agent, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { createMachine } from './lib/machine.js'
import { say } from './lib/progress.js'
import { startRelay } from './lib/relay.js'
import { median } from './lib/rounds.js'
import { createWorld, emailOf, PASSWORD } from './lib/world.js'

const PAIRS = 16
const SAMPLES = 8
const SMALL_REQUESTS = 10
const SETTLE_MS = 100
const PROBES = {
  forgot: (email) => ['/auth/password/forgot', { email }],
  register: (email) => ['/auth/register', { email, name: 'Olena', password: PASSWORD }],
  login: (email) => ['/auth/login', { email, password: 'not the password' }]
}

const machine = createMachine()
try {
  const redis = await machine.redis()
  const world = await createWorld(machine, redis)
  const accounts = Object.keys(PROBES).length * PAIRS * SAMPLES
  await world.addAccounts(0, accounts)
  const relay = await startRelay()
  const limits = { LIMIT_REGISTER_PER_SOURCE: '1000000', LIMIT_RESEND_PER_SOURCE: '1000000', LIMIT_MAILS_HOUR: '1000000' }
  const server = await machine.server(redis, { SMTP_URL: relay.url, ...limits })
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  while (await send('GET', '/health/ready') !== 200) await sleep(SETTLE_MS)
  let next = 0
  for (const [name, probe] of Object.entries(PROBES)) {
    let slower = 0
    const all = { known: [], stranger: [] }
    for (let pair = 0; pair < PAIRS; pair++) {
      const times = { known: [], stranger: [] }
      for (let sample = 0; sample < SAMPLES; sample++) {
        const n = next++
        const sides = [['known', emailOf(n)], ['stranger', `stranger.${n}@example.org`]]
        for (const [side, email] of sample % 2 ? sides : sides.toReversed()) {
          const [path, body] = probe(email)
          const status = await send('POST', path, body)
          if (![201, 202, 401].includes(status)) throw new Error(`${path}: ${status}`)
          const startedAt = performance.now()
          for (let i = 0; i < SMALL_REQUESTS; i++) await send('GET', '/auth/me')
          times[side].push(performance.now() - startedAt)
          await sleep(SETTLE_MS)
        }
      }
      if (median(times.known) > median(times.stranger)) slower++
      for (const side of ['known', 'stranger']) all[side].push(...times[side])
    }
    const medians = `${median(all.known).toFixed(2)} and ${median(all.stranger).toFixed(2)} ms`
    say(`${name}: slower after the known address in ${slower} of ${PAIRS} pairs; ten requests took ${medians} in the median`)
  }
  relay.close()

  function send (method, path, body) {
    const text = body && JSON.stringify(body)
    return new Promise((resolve, reject) => {
      request(`${server.url}${path}`, { method, agent, headers: text ? { 'content-type': 'application/json' } : {} }, (answer) => {
        answer.resume().on('end', () => resolve(answer.statusCode))
      }).on('error', reject).end(text)
    })
  }
} finally {
  await machine.close()
}
