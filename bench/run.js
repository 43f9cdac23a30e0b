// npm run bench [-- --quick] [-- --only=footprint,routes,services,logins,workers,accounts,search,endings,mails]:
// see docs/performance.md.
import { existsSync, readFileSync } from 'node:fs'
import { createMachine } from './lib/machine.js'
import { startLoad } from './lib/load.js'
import { say } from './lib/progress.js'
import { writeReport } from './lib/report.js'
import { measureAccounts } from './parts/accounts.js'
import { measureEndings } from './parts/endings.js'
import { measureFootprint } from './parts/footprint.js'
import { measureLogins } from './parts/logins.js'
import { measureMails } from './parts/mails.js'
import { measureRoutes } from './parts/routes.js'
import { measureSearch } from './parts/search.js'
import { measureServices } from './parts/services.js'
import { measureWorkers } from './parts/workers.js'

const quick = process.argv.includes('--quick')
const sizes = quick
  ? {
      routes: { tokens: 50_000, turns: 5_000, meSeconds: 4, rounds: 3 },
      logins: { cost: 10, seconds: 5, rounds: 2, floodSeconds: 10 },
      accounts: { tokens: 50_000, few: 1_000, many: 100_000, turns: 5_000, meSeconds: 4, loginSeconds: 5, rounds: 3 },
      services: { tokens: 20_000, turns: 5_000, seconds: 4, rounds: 3, streams: 50 },
      search: { accounts: 100_000, seconds: 5, rounds: 3 },
      endings: { endings: 200, tokens: 1_000 },
      mails: { few: 2_000, many: 10_000, rounds: 3, seconds: 5 },
      workers: { tokens: 20_000, turns: 5_000, meSeconds: 4, rounds: 3 },
      footprint: 3
    }
  : {
      routes: { tokens: 50_000, turns: 20_000, meSeconds: 5, rounds: 7 },
      logins: { cost: 12, seconds: 20, rounds: 5, floodSeconds: 30 },
      accounts: { tokens: 50_000, few: 1_000, many: 1_000_000, turns: 20_000, meSeconds: 5, loginSeconds: 10, rounds: 7 },
      services: { tokens: 50_000, turns: 20_000, seconds: 5, rounds: 7, streams: 50 },
      search: { accounts: 1_000_000, seconds: 20, rounds: 7 },
      endings: { endings: 2_000, tokens: 10_000 },
      mails: { few: 20_000, many: 100_000, rounds: 5, seconds: 20 },
      workers: { tokens: 50_000, turns: 20_000, meSeconds: 5, rounds: 7 },
      footprint: 7
    }
const only = process.argv.find((one) => one.startsWith('--only='))?.slice('--only='.length).split(',')
const parts = {
  footprint: (machine) => measureFootprint(machine, sizes.footprint),
  routes: (machine, load) => measureRoutes(machine, load, sizes.routes),
  services: (machine, load) => measureServices(machine, load, sizes.services),
  logins: (machine, load) => measureLogins(machine, load, sizes.logins),
  workers: (machine, load) => measureWorkers(machine, load, sizes.workers),
  accounts: (machine, load) => measureAccounts(machine, load, sizes.accounts),
  search: (machine, load) => measureSearch(machine, load, sizes.search),
  endings: (machine, load) => measureEndings(machine, load, sizes.endings),
  mails: (machine, load) => measureMails(machine, load, sizes.mails)
}

const load = startLoad()
// With --only the other parts stay as they were.
const file = new URL('./results.json', import.meta.url)
const results = { ...(only && existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}), quick }
for (const [name, measure] of Object.entries(parts)) {
  if (only && !only.includes(name)) continue
  say(`== ${name}`)
  const machine = createMachine()
  const stop = () => { machine.close().finally(() => process.exit(130)) }
  process.once('SIGINT', stop)
  try {
    results[name] = await measure(machine, load)
    results.at = { ...results.at, [name]: new Date().toISOString() }
    writeReport(results)
  } finally {
    process.off('SIGINT', stop)
    await machine.close()
  }
}
load.close()
say('bench/results.md is written')
