import { writeFileSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import { bars } from './plots.js'
import { hasWrk } from './wrk.js'

const folder = new URL('../', import.meta.url)
const whole = (value) => Math.round(value).toLocaleString('en')
const ratio = (value) => value.toFixed(2)
const table = (head, rows) => [`| ${head.join(' | ')} |`, `|${head.map(() => '---').join('|')}|`, ...rows.map((cells) => `| ${cells.join(' | ')} |`)].join('\n')

/** Processor time says how much work a request is, whatever else the machine does meanwhile; throughput says it only on a quiet one. */
const beside = (title, results) => {
  const { product } = results
  return `### ${title}\n\n` + table(['', 'requests/s', 'product : this', 'p50 ms', 'p99 ms', 'processor µs a request', 'this : product', 'its core busy', 'rounds'],
    Object.entries(results).map(([name, one]) => [name, whole(one.perSecond), ratio(product.perSecond / one.perSecond), one.latency.p50, one.latency.p99,
      whole(one.cpuMicroseconds), ratio(one.cpuMicroseconds / product.cpuMicroseconds), `${whole(one.serverCpu * 100)} %`, one.all.join(' ')])) + '\n'
}

export function writeReport (all, file = 'results') {
  const { routes, footprint, accounts, logins, workers } = all
  const [{ model = 'unknown processor' } = {}] = cpus()
  const parts = ['# Results\n\nWritten by `npm run bench`; see [docs/performance.md](../docs/performance.md) for what the columns mean.\n',
    `${new Date().toISOString()}, Node ${process.version}, ${availableParallelism()} cores, ${model}${all.quick ? ', `--quick`' : ''}. Load of \`me\`: ${hasWrk ? 'wrk' : 'autocannon'}; of everything that can be asked only once, autocannon.\n`]
  const plot = (name, title, unit, rows) => {
    writeFileSync(new URL(`${name}.svg`, folder), bars(title, unit, rows))
    parts.push(`![${title}](${name}.svg)\n`)
  }
  const rows = (results, read) => Object.entries(results).map(([kind, one]) => ({ label: kind, kind, value: read(one) }))
  if (routes) {
    parts.push('## Routes\n')
    plot('throughput', 'GET /auth/me, requests a second', '/s', rows(routes.me, (one) => one.perSecond))
    plot('latency', 'GET /auth/me with 64 connections, latency', 'ms', ['p50', 'p90', 'p99'].flatMap((part) =>
      rows(routes.me, (one) => one.latency[part]).map((row) => ({ ...row, label: `${row.label} ${part}` }))))
    parts.push(beside('`GET /auth/me`, every token known', routes.me),
      `With each token for the first time: ${whole(routes.cold.product.perSecond)}/s (${whole(routes.cold.product.cpuMicroseconds)} µs), the limit ${whole(routes.cold.limit.perSecond)}/s (${whole(routes.cold.limit.cpuMicroseconds)} µs). A bare route without Redis: ${whole(routes.bare.bare.perSecond)}/s (${whole(routes.bare.bare.cpuMicroseconds)} µs).\n`,
      beside('`POST /auth/refresh`', routes.refresh), beside('`POST /auth/verify-otp`', routes.verifyOtp))
  }
  if (logins) {
    const { flood, logins: both, cost, byCost } = logins
    parts.push('## Logins\n', `At cost ${cost} with a mailed code: ${both.product.perSecond.toFixed(2)}/s, bare bcrypt ${both['bare bcrypt'].perSecond.toFixed(2)}/s, ratio ${ratio(both.product.perSecond / both['bare bcrypt'].perSecond)}.\n`,
      table(['bcrypt cost', 'comparisons/s of this machine'], Object.entries(byCost).map(([one, perSecond]) => [one, perSecond.toFixed(1)])) + '\n',
      '`GET /auth/me` at an even rate of 200 a second, while somebody throws logins at the server over 500 connections, from a process of lower priority:\n',
      table(['', 'logins answered/s', 'answers', 'me p50 ms', 'me p99 ms', 'p99 : quiet', 'mails in time', 'slowest ms'], Object.entries(flood).map(([name, one]) => [
        name, whole(one.answeredPerSecond), JSON.stringify(one.statuses), one.latency.p50.toFixed(1), one.latency.p99.toFixed(1), ratio(one.latency.p99 / flood.quiet.latency.p99),
        `${one.mails.arrived} of ${one.mails.asked}`, whole(one.mails.slowestMs)])) + '\n',
      'Mails are codes that are asked for again meanwhile; the server looks its relay up by name.\n')
  }
  if (accounts) {
    const { few, many, memory } = accounts
    parts.push('## Accounts and sessions\n')
    plot('accounts', `GET /auth/me with ${whole(few)} and ${whole(many)} accounts`, '/s', rows(accounts.me, (one) => one.perSecond))
    parts.push(table(['', `${whole(few)} accounts`, `${whole(many)} accounts`, 'ratio', 'processor time, ratio'], ['me', 'refresh', 'login'].map((name) => [name, whole(accounts[name].few.perSecond), whole(accounts[name].many.perSecond),
      ratio(accounts[name].many.perSecond / accounts[name].few.perSecond), ratio(accounts[name].few.cpuMicroseconds / accounts[name].many.cpuMicroseconds)])) + '\n',
    'Bytes in Redis (`MEMORY USAGE`, and `used_memory` divided by the accounts):\n',
    table(['what', 'bytes'], [['account', memory.account], ['its address in the index', memory.addressIndex], ['**account with its index**', memory.account + memory.addressIndex],
      ['session', memory.session], ['the account\'s index of sessions', memory.sessionIndex], ['**session with its index**', memory.session + memory.sessionIndex],
      ['known devices', memory.devices], ['activity, one event', memory.activity], ['used_memory for one account with one session and all of these', memory.allTogether]]) + '\n')
  }
  if (workers) parts.push('## Workers\n', table(['', '1 worker', '2 workers', 'gain'], Object.entries(workers).map(([name, { one, two }]) => [name, whole(one.perSecond), whole(two.perSecond), ratio(two.perSecond / one.perSecond)])) + '\n')
  if (footprint) parts.push('## Process\n', `Start to first answer ${whole(footprint.startMs)} ms (median), memory of an idle server process ${whole(footprint.memoryMb)} MB.\n`)
  writeFileSync(new URL(`${file}.md`, folder), parts.join('\n'))
  writeFileSync(new URL(`${file}.json`, folder), JSON.stringify(all, null, 2) + '\n')
}
