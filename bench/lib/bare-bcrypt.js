// What the machine can do at this cost, and nothing else: comparisons on as many threads as there are cores.
import bcrypt from 'bcrypt'

const [cost, seconds, inFlight] = process.argv.slice(2).map(Number)
const hash = bcrypt.hashSync('wooden-lantern-tide', cost)
const startedAt = performance.now()
const deadline = startedAt + seconds * 1000
let done = 0
await Promise.all(Array.from({ length: inFlight }, async () => {
  while (performance.now() < deadline) {
    await bcrypt.compare('wooden-lantern-tide', hash)
    done++
  }
}))
process.stdout.write(JSON.stringify({ perSecond: done / (performance.now() - startedAt) * 1000 }))
