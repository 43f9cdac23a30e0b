import { setTimeout as sleep } from 'node:timers/promises'
import { residentMb } from '../lib/machine.js'
import { say } from '../lib/progress.js'
import { median } from '../lib/rounds.js'

const SETTLE_MS = 3000

/** Start to first answer with a Redis that is there, and the memory of a process that does nothing. */
export async function measureFootprint (machine, starts) {
  const redis = await machine.redis('footprint')
  const startMs = []
  const memoryMb = []
  for (let i = 0; i < starts; i++) {
    const server = await machine.server(redis, {}, `footprint-${i}`)
    startMs.push(server.startMs)
    await sleep(SETTLE_MS)
    memoryMb.push(residentMb(server.pid))
    say(`start ${i + 1} of ${starts}: ${Math.round(server.startMs)} ms, ${Math.round(memoryMb.at(-1))} MB`)
    await server.end()
  }
  return { startMs: median(startMs), memoryMb: median(memoryMb) }
}
