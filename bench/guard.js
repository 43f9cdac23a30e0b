// A short benchmark: what a request costs beside the bare limit, in processor time, because a shared machine's clock lies. The
// bounds are generous; a slow-down that crosses one is no noise.
import { createMachine } from './lib/machine.js'
import { startLoad } from './lib/load.js'
import { say } from './lib/progress.js'
import { measureRoutes } from './parts/routes.js'

/** The limit's processor time by ours must not fall below; docs/performance.md tells what is reached. */
const BOUNDS = { me: 0.6, refresh: 0.5, verifyOtp: 0.4 }

const machine = createMachine()
const load = startLoad()
let results
try {
  results = await measureRoutes(machine, load, { tokens: 5_000, turns: 3_000, rounds: 2, withPeers: false })
} finally {
  load.close()
  await machine.close()
}
const ratios = Object.fromEntries(Object.keys(BOUNDS).map((name) => [name, results[name].limit.cpuMicroseconds / results[name].product.cpuMicroseconds]))
for (const [name, value] of Object.entries(ratios)) say(`${name}: ${value.toFixed(2)} of the limit, at least ${BOUNDS[name]}`)
// NaN where the system tells no processor time: then nothing is judged.
const slow = Object.keys(BOUNDS).filter((name) => ratios[name] < BOUNDS[name])
if (slow.length > 0) {
  say(`slower than it may be: ${slow.join(', ')}`)
  process.exitCode = 1
}
