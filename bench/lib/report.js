import { writeFileSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import { bars } from './plots.js'
import { hasWrk } from './wrk.js'

const folder = new URL('../', import.meta.url)
const whole = (value) => Math.round(value).toLocaleString('en')
const ratio = (value) => value.toFixed(2)
const row = (cells) => `| ${cells.join(' | ')} |`
const table = (head, rows) => [row(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(row)].join('\n') + '\n'

/** Processor time says how much work a request is, whatever else the machine does meanwhile; throughput says it only on a quiet one. */
const beside = (title, results) => {
  const { product } = results
  const head = [
    '', 'requests/s', 'product : this', 'p50 ms', 'p99 ms', 'processor µs a request', 'this : product', 'its core busy', 'rounds'
  ]
  const rows = Object.entries(results).map(([name, one]) => [
    name, whole(one.perSecond), ratio(product.perSecond / one.perSecond), one.latency.p50, one.latency.p99,
    whole(one.cpuMicroseconds), ratio(one.cpuMicroseconds / product.cpuMicroseconds), `${whole(one.serverCpu * 100)} %`, one.all.join(' ')
  ])
  return `### ${title}\n\n${table(head, rows)}`
}

/** One thing beside the same under other conditions. */
const versus = (name, one, other) => [
  name, whole(one.perSecond), whole(other.perSecond), ratio(other.perSecond / one.perSecond),
  ratio(one.cpuMicroseconds / other.cpuMicroseconds)
]

export function writeReport (all, file = 'results') {
  const { routes, services, footprint, accounts, search, endings, logins, workers, mails } = all
  const [{ model = 'unknown processor' } = {}] = cpus()
  const machine = `Node ${process.version}, ${availableParallelism()} cores, ${model}`
  const times = Object.entries(all.at ?? {}).map(([name, at]) => `${name} ${at.slice(0, 16).replace('T', ' ')}`).join(', ')
  const parts = [
    '# Results\n\nWritten by `npm run bench`; see [docs/performance.md](../docs/performance.md) for what the columns mean.\n',
    `${machine}${all.quick ? ', `--quick`' : ''}. Load of \`me\`: ${hasWrk ? 'wrk' : 'autocannon'}; ` +
      'of everything that can be asked only once, autocannon.\n',
    `When each part was run last (UTC): ${times}.\n`
  ]
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
    const speedOf = ({ perSecond, cpuMicroseconds }) => `${whole(perSecond)}/s (${whole(cpuMicroseconds)} µs)`
    const { cold, bare } = routes
    parts.push(
      beside('`GET /auth/me`, every token known', routes.me),
      `With each token for the first time: ${speedOf(cold.product)}, the limit ${speedOf(cold.limit)}. ` +
        `A bare route without Redis: ${speedOf(bare.bare)}.\n`,
      beside('`POST /auth/refresh`', routes.refresh),
      beside('`POST /auth/verify-otp`', routes.verifyOtp)
    )
  }
  if (services) {
    const { introspect, passkeys, events } = services
    parts.push(
      '## Services and passkeys\n',
      beside('`POST /auth/introspect`', introspect),
      beside('`POST /auth/passkeys/verify`', passkeys),
      `### ${events.streams} streams of events and a webhook\n`,
      table(['', 'without', 'with', 'ratio', 'processor time, ratio'],
        Object.entries(events.rows).map(([name, sides]) => versus(name, sides.without, sides.with)))
    )
  }
  if (logins) {
    const { flood, logins: both, cost, byCost } = logins
    const [ours, theirs] = [both.product.perSecond, both['bare bcrypt'].perSecond]
    const floodHead = ['', 'logins answered/s', 'answers', 'me p50 ms', 'me p99 ms', 'p99 : quiet', 'mails in time', 'slowest ms']
    const floodRows = Object.entries(flood).map(([name, { answeredPerSecond, statuses, latency, mails }]) => [
      name, whole(answeredPerSecond), JSON.stringify(statuses), latency.p50.toFixed(1), latency.p99.toFixed(1),
      ratio(latency.p99 / flood.quiet.latency.p99), `${mails.arrived} of ${mails.asked}`, whole(mails.slowestMs)
    ])
    parts.push(
      '## Logins\n',
      `At cost ${cost} with a mailed code: ${ours.toFixed(2)}/s, bare bcrypt ${theirs.toFixed(2)}/s, ratio ${ratio(ours / theirs)}.\n`,
      table(['bcrypt cost', 'comparisons/s of this machine'],
        Object.entries(byCost).map(([one, perSecond]) => [one, perSecond.toFixed(1)])),
      '`GET /auth/me` at an even rate of 200 a second, while somebody throws logins at the server over 500 connections, ' +
        'from a process of lower priority:\n',
      table(floodHead, floodRows),
      'Mails are codes that are asked for again meanwhile; the server looks its relay up by name.\n'
    )
  }
  if (accounts) {
    const { few, many, memory } = accounts
    parts.push('## Accounts and sessions\n')
    plot('accounts', `GET /auth/me with ${whole(few)} and ${whole(many)} accounts`, '/s', rows(accounts.me, (one) => one.perSecond))
    const sizes = ['me', 'refresh', 'login'].map((name) => versus(name, accounts[name].few, accounts[name].many))
    const bytes = [
      ['account', memory.account],
      ['its address in the index', memory.addressIndex],
      ['**account with its index**', memory.account + memory.addressIndex],
      ['session', memory.session],
      ['the account\'s index of sessions', memory.sessionIndex],
      ['**session with its index**', memory.session + memory.sessionIndex],
      ['known devices', memory.devices],
      ['activity, one event', memory.activity],
      ['used_memory for one account with one session and all of these', memory.allTogether]
    ]
    parts.push(
      table(['', `${whole(few)} accounts`, `${whole(many)} accounts`, 'ratio', 'processor time, ratio'], sizes),
      'Bytes in Redis (`MEMORY USAGE`, and `used_memory` divided by the accounts):\n',
      table(['what', 'bytes'], bytes)
    )
  }
  if (search) {
    const { bytes, indexSeconds, perSecond } = search
    const line = (name, { latency, cpuMicroseconds }) =>
      [name, ...['p50', 'p90', 'p99'].map((part) => latency[part].toFixed(1)), whole(cpuMicroseconds)]
    parts.push(
      `## Finding accounts among ${whole(search.accounts)}\n`,
      table([`\`GET /admin/users\`, ${perSecond} a second`, 'p50 ms', 'p90 ms', 'p99 ms', 'processor µs a request'],
        [line('by a beginning', search.search), line('the newest', search.list)]),
      `Bytes in Redis for an account: ${whole(bytes.without)} without the index, ${whole(bytes.with - bytes.without)} more with it ` +
        `(\`used_memory\`). \`accounts index\` took ${whole(indexSeconds)} s.\n`
    )
  }
  if (endings) {
    const { mePerSecond, ways } = endings
    const rows = Object.entries(ways).map(([name, { count, ...took }]) =>
      [name, whole(count), ...['p50', 'p99', 'worst'].map((part) => took[part].toFixed(1))])
    parts.push(
      '## Endings\n',
      'How long after its answer `@dvokrok/verify` in another process still took the token, while `me` was asked ' +
        `${whole(mePerSecond)} times a second:\n`,
      table(['', 'endings', 'p50 ms', 'p99 ms', 'worst ms'], rows)
    )
  }
  if (mails) {
    const { sent, launch, me, expired, bytes } = mails
    const line = (name, { perSecond, seconds, cpuMicroseconds, memoryMb }) =>
      [name, whole(perSecond), seconds?.toFixed(1) ?? '', cpuMicroseconds ? whole(cpuMicroseconds) : '', memoryMb ? whole(memoryMb) : '']
    parts.push(
      '## Mails\n',
      'One process and an SMTP server beside it; no server ran while the codes of sign-ups were queued:\n',
      table(['', 'mails/s', 'seconds', 'processor µs a mail', 'most memory of the process, MB'], [
        line(`sent, median of ${sent.rounds} rounds`, sent),
        line(`${whole(launch.count)} sent, \`me\` asked at the beginning`, { ...launch, cpuMicroseconds: undefined }),
        line(`${whole(expired.count)} whose codes had expired, dropped`, expired)
      ]),
      `\`GET /auth/me\`, ${me.perSecond} a second: p50 ${me.quiet.p50.toFixed(1)} and p99 ${me.quiet.p99.toFixed(1)} ms without mails, ` +
        `p50 ${me.during.p50.toFixed(1)} and p99 ${me.during.p99.toFixed(1)} ms while they left. ` +
        `A waiting sign-up and its mail take ${whole(bytes)} bytes in Redis.\n`
    )
  }
  if (workers) {
    const gains = Object.entries(workers).map(([name, { one, two }]) =>
      [name, whole(one.perSecond), whole(two.perSecond), ratio(two.perSecond / one.perSecond)])
    parts.push('## Workers\n', table(['', '1 worker', '2 workers', 'gain'], gains))
  }
  if (footprint) {
    const { startMs, memoryMb } = footprint
    parts.push('## Process\n',
      `Start to first answer ${whole(startMs)} ms (median), memory of an idle server process ${whole(memoryMb)} MB.\n`)
  }
  writeFileSync(new URL(`${file}.md`, folder), parts.join('\n'))
  writeFileSync(new URL(`${file}.json`, folder), JSON.stringify(all, null, 2) + '\n')
}
