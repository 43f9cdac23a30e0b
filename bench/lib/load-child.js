// Makes the load, in a process of its own, so that it takes nothing from the servers' event loops.
import autocannon from 'autocannon'
import { runSteadily } from './steady.js'
import { hasWrk, runWrk } from './wrk.js'

/** Sets of requests by name. Each connection gets its own slice, so that together they walk through all of it. */
const sets = new Map()
const ways = { steady: runSteadily, ...(hasWrk ? { again: runWrk } : {}) }

process.on('message', async ({ id, kind, ...message }) => {
  if (kind === 'set') {
    sets.set(message.name, message.requests)
    process.send({ id })
    return
  }
  process.send({ id, result: await (ways[kind] ?? run)({ ...message, requests: sets.get(message.set) }) })
})
process.on('disconnect', () => process.exit(0))

function run ({ url, requests, connections, seconds, rate }) {
  const perConnection = Math.floor(requests.length / connections)
  let given = 0
  let answers = 0
  let firstAt = 0
  let lastAt = 0
  return new Promise((resolve, reject) => {
    const tracker = autocannon({
      url,
      connections,
      timeout: 30,
      sampleInt: 100,
      // A fixed number of requests, each once, or a duration.
      ...(seconds ? { duration: seconds } : { amount: perConnection * connections }),
      ...(rate ? { overallRate: rate } : {}),
      setupClient: (client) => {
        client.setRequests(requests.slice(given, given + perConnection).map((request) => ({ ...request })))
        given += perConnection
      }
    }, (error, result) => {
      if (error) {
        reject(error)
        return
      }
      const measured = (lastAt - firstAt) / 1000
      resolve({
        perSecond: (answers - 1) / measured,
        seconds: measured,
        answers,
        statuses: Object.fromEntries(Object.entries(result.statusCodeStats).map(([status, { count: times }]) => [status, times])),
        errors: result.errors,
        latency: { p50: result.latency.p50, p90: result.latency.p90, p99: result.latency.p99 }
      })
    })
    tracker.on('response', () => {
      lastAt = performance.now()
      if (answers++ === 0) firstAt = lastAt
    })
  })
}
