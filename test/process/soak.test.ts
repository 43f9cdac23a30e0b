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
/** Every browser keeps its connection for a while; a handle lost with each hundredth request of an hour is more. */
const MORE_HANDLES = 500
/** What a heap takes for itself; a hundred bytes lost with each request of an hour are more. */
const MORE_MEMORY_MB = 64

t.setTimeout(SOAK_MS + 1_200_000)

interface Round { entries: Entry[], memoryMb: number, handles: number, redisMb: number }

const skip = process.platform !== 'linux' && 'no /proc here'
t.test('after an hour of work a server holds what it held at the start, and every promise is kept', { skip }, async (t) => {
  const [redis, smtp] = await Promise.all([startRedis(t), startSmtp(t)])
  const server = await startServer(t, { ...settings(t, redis, smtp), ...trafficSettings, LOG_LEVEL: 'warn' })
  const rounds: Round[] = []
  const whole = new History()
  const waiting: Life[] = []
  for (const end = performance.now() + SOAK_MS; performance.now() < end || rounds.length < FEWEST_ROUNDS;) {
    const history = new History()
    const traffic = startTraffic(server, smtp, history)
    await sleep(ROUND_MS)
    await traffic.stop()
    waiting.push(...(await audit(server, smtp, redis.client, history, [...waiting.splice(0), ...traffic.lives])))
    whole.entries.push(...history.entries)
    whole.violations.push(...history.violations)
    whole.checked += history.checked
    rounds.push({ entries: history.entries, ...heldBy(server.pid), redisMb: await usedMb() })
  }
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
  const handles = both((rounds) => middle(rounds.map(({ handles }) => handles)))
  tell('memory of the server, MB', memory)
  tell('open handles', handles)
  tell('memory of Redis, MB', both((rounds) => middle(rounds.map(({ redisMb }) => redisMb))))
  for (const operation of ['me', 'refresh', 'login', 'register']) {
    const took = (rounds: Round[]): number[] => rounds.flatMap(({ entries }) => entries)
      .filter((entry) => entry.operation === operation).map(({ startedAt, endedAt }) => endedAt - startedAt).toSorted((a, b) => a - b)
    tell(`${operation}, median, ms`, both((rounds) => middle(took(rounds))))
    tell(`${operation}, p99, ms`, both((rounds) => took(rounds).at(-Math.ceil(took(rounds).length / 100)) ?? NaN))
  }
  t.ok(handles[1] <= handles[0] + MORE_HANDLES, 'handles are given back')
  t.ok(memory[1] <= memory[0] + MORE_MEMORY_MB, 'memory is given back')

  async function usedMb (): Promise<number> {
    return Number(fact(await redis.client.info('memory'), 'used_memory')) / 1024 / 1024
  }
})

function heldBy (pid: number): { memoryMb: number, handles: number } {
  const kilobytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return { memoryMb: Number(kilobytes) / 1024, handles: readdirSync(`/proc/${pid}/fd`).length }
}

const middle = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN
