import { say } from './progress.js'

export const median = (values) => {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/**
 * Runs every candidate in turn, round after round, in a rotating order, so that whatever else the machine does affects all of
 * them alike. Round 0 warms up and does not count. `candidates`: names and functions that answer one run of the load. Returns
 * medians by name.
 */
export async function alternate (title, rounds, candidates) {
  const names = Object.keys(candidates)
  const runs = Object.fromEntries(names.map((name) => [name, []]))
  for (let round = 0; round <= rounds; round++) {
    for (let turn = 0; turn < names.length; turn++) {
      const name = names[(turn + round) % names.length]
      const run = await runOrRepeat(name, candidates[name])
      if (round > 0) runs[name].push(run)
      say(`${title}, round ${round} of ${rounds}: ${name} ${Math.round(run.perSecond)}/s, p99 ${run.latency.p99} ms`)
    }
  }
  return Object.fromEntries(names.map((name) => [name, summary(runs[name])]))
}

const MOST_REPEATS = 3

async function runOrRepeat (name, run, repeats = 0) {
  try {
    return await run()
  } catch (error) {
    if (error.isStalled !== true || repeats === MOST_REPEATS) throw error
    say(`${name}: 503 was answered (or with wrk something above 399), once more`)
    return await runOrRepeat(name, run, repeats + 1)
  }
}

function summary (runs) {
  const of = (read) => median(runs.map(read))
  return {
    perSecond: of(({ perSecond }) => perSecond),
    all: runs.map(({ perSecond }) => Math.round(perSecond)),
    latency: { p50: of(({ latency }) => latency.p50), p90: of(({ latency }) => latency.p90), p99: of(({ latency }) => latency.p99) },
    serverCpu: of(({ serverCpu }) => serverCpu),
    cpuMicroseconds: of(({ cpuMicroseconds }) => cpuMicroseconds)
  }
}
