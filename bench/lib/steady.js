import { Agent, request } from 'node:http'

/**
 * Asks for each of `requests` in turn at an even rate, however long the answers take (autocannon sends what is due in a second all at
 * once). Latencies are from the moment an answer was due to be asked for, in ms, so that none hides behind a slow one before it.
 */
export async function runSteadily ({ url, requests, perSecond, seconds }) {
  const agent = new Agent({ keepAlive: true })
  const startedAt = performance.now()
  const dueAt = (n) => startedAt + n * 1000 / perSecond
  const latencies = []
  const statuses = {}
  const ask = (n) => new Promise((resolve, reject) => {
    const { path, method, headers, body } = requests[n % requests.length]
    request(new URL(path, url), { agent, method, headers }, (answer) => {
      answer.resume().once('end', () => {
        latencies.push(performance.now() - dueAt(n))
        statuses[answer.statusCode] = (statuses[answer.statusCode] ?? 0) + 1
        resolve()
      })
    }).once('error', reject).end(body)
  })
  const asked = []
  while (asked.length < perSecond * seconds) {
    while (asked.length < perSecond * seconds && dueAt(asked.length) <= performance.now()) asked.push(ask(asked.length))
    await new Promise((resolve) => { setTimeout(resolve, dueAt(asked.length) - performance.now()) })
  }
  await Promise.all(asked)
  agent.destroy()
  latencies.sort((a, b) => a - b)
  const at = (share) => latencies[Math.ceil(latencies.length * share) - 1]
  return { answers: latencies.length, seconds, perSecond, statuses, errors: 0, latency: { p50: at(0.5), p90: at(0.9), p99: at(0.99) } }
}
