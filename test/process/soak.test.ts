// An hour of everything that people do, with nothing broken (`npm run test:faults -- --long`; seconds of it in `npm test`).
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { audit } from '../support/audit.ts'
import { type Entry, History } from '../support/history.ts'
import { settings, startServer } from '../support/process.ts'
import { fact } from '../support/redis-node.ts'
import { startRedis } from '../support/redis.ts'
import { startSmtp } from '../support/smtp.ts'
import { type Life, startTraffic, trafficSettings } from '../support/traffic.ts'
import { isLong } from '../support/under-traffic.ts'

const SOAK_MS = isLong ? 3_600_000 : 8_000
const ROUND_MS = isLong ? 60_000 : 2_000
/** The first rounds compile and fill caches. */
const WARM_ROUNDS = isLong ? 5 : 1
const FEWEST_ROUNDS = WARM_ROUNDS + 2
/** After it nobody keeps a connection to the server that is not used. */
const IDLE_MS = isLong ? 75_000 : 0
const MORE_HANDLES = 30
/** What a heap takes for itself; a hundred bytes lost with each request of an hour are more. */
const MORE_MEMORY_MB = 64
/** Of a hundred requests: a busy machine is late now and then. */
const MOST_UNANSWERED = 1
const OPERATIONS = ['me', 'refresh', 'login', 'register']

t.setTimeout(SOAK_MS + 1_200_000)

interface Round { entries: Entry[], memoryMb: number, redisMb: number }

const skip = process.platform !== 'linux' && 'no /proc here'
t.test('after an hour of work a server holds what it held at the start, and every promise is kept', { skip }, async (t) => {
  const [redis, smtp] = await Promise.all([startRedis(t), startSmtp(t)])
  const server = await startServer(t, { ...settings(t, redis, smtp), ...trafficSettings, LOG_LEVEL: 'warn' })
  const rounds: Round[] = []
  const atRest: number[] = []
  const whole = new History()
  const waiting: Life[] = []
  for (const end = performance.now() + SOAK_MS; performance.now() < end || rounds.length < FEWEST_ROUNDS || !OPERATIONS.every(isAmongIt);) {
    const history = new History()
    const traffic = startTraffic(server, smtp, history)
    await sleep(ROUND_MS)
    await traffic.stop()
    waiting.push(...(await audit(server, smtp, redis.client, history, [...waiting.splice(0), ...traffic.lives])))
    whole.entries.push(...history.entries)
    whole.violations.push(...history.violations)
    whole.checked += history.checked
    rounds.push({ entries: history.entries, memoryMb: memoryOf(server.pid), redisMb: await usedMb() })
    if (rounds.length === WARM_ROUNDS) atRest.push(await handlesAtRest())
  }
  atRest.push(await handlesAtRest())
  await audit(server, smtp, redis.client, whole, waiting, true)
  t.comment(whole.report(`nothing, for ${Math.round(SOAK_MS / 1000)} s`, 1))
  t.strictSame(whole.violations, [])
  t.strictSame(server.unexpected(), [])

  const few = Math.max(1, Math.floor(rounds.length / 10))
  const [start, end] = [rounds.slice(WARM_ROUNDS, WARM_ROUNDS + few), rounds.slice(-few)]
  const both = (read: (rounds: Round[]) => number): [number, number] => [read(start), read(end)]
  const tell = (what: string, [before, after]: [number, number]): void => {
    t.comment(`soak | ${what} | ${before.toFixed(1)} | ${after.toFixed(1)} |`)
  }
  const memory = both((rounds) => middle(rounds.map(({ memoryMb }) => memoryMb)))
  tell('memory of the server, MB', memory)
  const [handlesBefore = NaN, handlesAfter = NaN] = atRest
  tell('open handles at rest', [handlesBefore, handlesAfter])
  tell('memory of Redis, MB', both((rounds) => middle(rounds.map(({ redisMb }) => redisMb))))
  for (const operation of OPERATIONS) {
    const took = (rounds: Round[]): number[] => rounds.flatMap(({ entries }) => entries)
      .filter((entry) => entry.operation === operation).map(({ startedAt, endedAt }) => endedAt - startedAt).toSorted((a, b) => a - b)
    tell(`${operation}, median, ms`, both((rounds) => middle(took(rounds))))
    tell(`${operation}, p99, ms`, both((rounds) => took(rounds).at(-Math.ceil(took(rounds).length / 100)) ?? NaN))
  }
  if (isLong) {
    t.ok(handlesAfter <= handlesBefore + MORE_HANDLES, 'handles are given back')
    t.ok(memory[1] <= memory[0] + MORE_MEMORY_MB, 'memory is given back')
    const unanswered = whole.entries.filter(({ outcome }) => outcome === 'unknown').length
    t.ok(unanswered / whole.entries.length * 100 <= MOST_UNANSWERED, `${unanswered} of ${whole.entries.length} were not answered`)
  }

  function isAmongIt (operation: string): boolean {
    return whole.entries.some((entry) => entry.operation === operation && entry.outcome === 'ok')
  }

  async function handlesAtRest (): Promise<number> {
    await sleep(IDLE_MS)
    return readdirSync(`/proc/${server.pid}/fd`).length
  }

  async function usedMb (): Promise<number> {
    return Number(fact(await redis.client.info('memory'), 'used_memory')) / 1024 / 1024
  }
})

function memoryOf (pid: number): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024
}

const middle = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN
