import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { findRedisServer } from '../../src/embedded/find-redis.ts'

const ageRecordsScript = readFileSync(new URL('./age-records.lua', import.meta.url), 'utf8')

export interface TestRedis {
  /** `unix:/tmp/.../s`, the same after a restart. */
  url: string
  readonly pid: number
  /** Patient: waits while Redis is down. For the test's own looks. */
  client: Redis
  /** SIGKILL, resolved when it is gone. */
  kill9: () => Promise<void>
  /** Starts it again on the same data (kills it first if it runs), resolved when it answers. */
  restart: () => Promise<void>
  /** SIGSTOP: connections stay open and nothing answers. */
  pause: () => void
  resume: () => void
  /** Ends it and removes its data; done by `t.teardown` anyway. */
  dispose: () => Promise<void>
}

/** A private redis-server (AOF always, on a short socket path, no TCP), gone at the end of `t`. `args` are further options of redis-server, such as `'--maxmemory', '2mb'`. */
export async function startRedis (t: { teardown: (fn: () => unknown) => unknown }, args: string[] = []): Promise<TestRedis> {
  const command = await findRedisServer((line) => { process.stderr.write(`${line}\n`) })
  const folder = mkdtempSync(join(tmpdir(), 'dvt-'))
  const path = join(folder, 's')
  const options = ['--port', '0', '--unixsocket', path, '--dir', folder, '--appendonly', 'yes', '--appendfsync', 'always', '--save', '', ...args]
  const launch = (): ChildProcess => spawn(command, options, { stdio: ['ignore', 'ignore', 'inherit'] })
  let child = launch()
  // When the test process leaves early, Redis must not outlive it.
  const killWithUs = () => { child.kill('SIGKILL') }
  process.once('exit', killWithUs)
  const client = connectPatiently(path)

  const kill9 = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  const restart = async (): Promise<void> => {
    await kill9()
    child = launch()
    await waitForAnswer(client, child)
  }
  const dispose = async (): Promise<void> => {
    process.off('exit', killWithUs)
    client.disconnect()
    await kill9()
    rmSync(folder, { recursive: true, force: true })
  }
  t.teardown(dispose)
  await waitForAnswer(client, child)
  return {
    url: `unix:${path}`,
    get pid () { return child.pid ?? 0 },
    client,
    kill9,
    restart,
    pause: () => { child.kill('SIGSTOP') },
    resume: () => { child.kill('SIGCONT') },
    dispose
  }
}

function connectPatiently (path: string): Redis {
  const client = new Redis({ path, maxRetriesPerRequest: null, retryStrategy: () => 5 })
  // Being away now and then is what these tests are about.
  client.on('error', () => {})
  return client
}

async function waitForAnswer (client: Redis, child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit').then(([code]) => { throw new Error(`redis-server ended with code ${code} instead of starting`) })
  await Promise.race([client.ping(), ended])
  ended.catch(() => {})
}

/**
 * Makes `milliseconds` pass for the keys with these prefixes (`'*'`: all), instead of faking a clock: hash fields named `...At` and sorted-set scores that
 * are times move into the past, times to live get shorter, and what would have expired is gone. Answers how many keys it met.
 */
export async function ageRecords (client: Redis, prefixes: string[] | '*', milliseconds: number): Promise<number> {
  // An empty list would mean every key to the script.
  if (prefixes.length === 0) return 0
  return Number(await client.eval(ageRecordsScript, 0, milliseconds, ...(prefixes === '*' ? [] : prefixes)))
}
