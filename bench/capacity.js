// npm run capacity -- --accounts=1000000 --sessions=1.5 --me=2000 --refresh=100 --logins=20: what a deployment of this size needs, by the
// figures of the last `npm run bench` (bench/results.json) on the machine that it ran on.
import { existsSync, readFileSync } from 'node:fs'

const file = new URL('./results.json', import.meta.url)
/** A core that is busier than this answers late when a burst comes. */
const BUSY = 0.6
/** Redis needs room to write its log anew while it works. */
const MEMORY_RESERVE = 1.5

const wish = { accounts: 1_000_000, sessions: 1, me: 1000, refresh: 50, logins: 5, cost: 12 }
for (const word of process.argv.slice(2)) {
  const [, name, value] = /^--(\w+)=([\d.]+)$/.exec(word) ?? []
  if (!(name in wish)) {
    fail(`${word} is not understood. There are: ${Object.entries(wish).map(([one, standard]) => `--${one}=${standard}`).join(' ')}`)
  }
  wish[name] = Number(value)
}
if (!existsSync(file)) fail('bench/results.json is missing: run "npm run bench" first.')
const { routes, logins, accounts } = JSON.parse(readFileSync(file, 'utf8'))
if (!routes || !logins || !accounts) fail('bench/results.json holds only a part: run "npm run bench" without --only.')

const seconds = ({ product }) => product.cpuMicroseconds / 1e6
const servingCores = (wish.me * seconds(routes.me) + wish.refresh * seconds(routes.refresh) +
  wish.logins * seconds(routes.verifyOtp)) / BUSY
const perSecond = logins.byCost[wish.cost] ?? fail(`no figure for bcrypt cost ${wish.cost}`)
const passwordCores = wish.logins / (perSecond / logins.cores) / BUSY
const { account, addressIndex, session, sessionIndex, devices, activity } = accounts.memory
const bytes = wish.accounts * (account + addressIndex + devices + activity) + wish.accounts * wish.sessions * session +
  wish.accounts * sessionIndex

const line = (what, value) => console.log(`${what.padEnd(44)} ${value}`)
line(`cores for me, refresh and codes (${BUSY * 100} % busy)`, servingCores.toFixed(2))
line(`cores for passwords at cost ${wish.cost}`, passwordCores.toFixed(2))
line('Redis holds', `${(bytes / 2 ** 30).toFixed(2)} GiB`)
line('Redis machine, with room to write its log anew', `${(bytes * MEMORY_RESERVE / 2 ** 30).toFixed(2)} GiB`)

function fail (message) {
  console.error(message)
  process.exit(1)
}
