import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Cluster, Redis } from 'ioredis'
import t from 'tap'
import { findRedisServer } from '../../src/embedded/find-redis.ts'
import type { RedisClient } from '../../src/redis/connect.ts'
import { startCluster, type TestCluster } from './redis-cluster.ts'

const ageRecordsScript = readFileSync(new URL('./age-records.lua', import.meta.url), 'utf8')

/** `TEST_REDIS=cluster` runs the same tests on a Redis Cluster. */
export const isCluster = process.env['TEST_REDIS'] === 'cluster'

export interface TestRedis {
  /** `unix:/tmp/.../s`, or all nodes of a Cluster; the same after a restart. */
  url: string
  readonly pid: number
  /** Patient: waits while Redis is down. For the test's own looks. */
  client: RedisClient
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

interface Ending { teardown: (fn: () => unknown) => unknown }

/**
 * A Redis of this test, AOF always, gone at the end of `t`: one server on a short socket path without TCP, or a Cluster. `args` are further
 * options of redis-server, such as `'--maxmemory', '2mb'`.
 */
export const startRedis = async (t: Ending, args: string[] = []): Promise<TestRedis> => isCluster ? await borrowCluster(t, args) : await startOneRedis(t, args)

/** The same, one server in any case: for what is about one. */
export async function startOneRedis (t: Ending, args: string[] = []): Promise<TestRedis & { client: Redis }> {
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

// A Cluster takes seconds to form, so those that are whole and have no options of their own go from test to test, emptied.
const idle: TestCluster[] = []
t.teardown(async () => { await Promise.all(idle.map(async ({ dispose }) => { await dispose() })) })

async function borrowCluster (t: Ending, args: string[]): Promise<TestRedis> {
  const cluster = (args.length === 0 ? idle.pop() : undefined) ?? await startCluster(args)
  const { nodes, client, url, whole } = cluster
  let isReusable = args.length === 0
  let isGone = false
  const all = async (act: (node: TestCluster['nodes'][number]) => unknown): Promise<void> => { await Promise.all(nodes.map(act)) }
  const dispose = async (): Promise<void> => {
    if (isGone) return
    isGone = true
    if (isReusable) idle.push(cluster)
    else await cluster.dispose()
  }
  t.teardown(dispose)
  await Promise.all(client.nodes('master').map(async (node) => { await node.flushall() }))
  return {
    url,
    get pid () { return nodes[0]?.pid ?? 0 },
    client,
    kill9: async () => {
      isReusable = false
      await all(async ({ kill9 }) => { await kill9() })
    },
    restart: async () => {
      await all(async ({ restart }) => { await restart() })
      await whole()
    },
    pause: () => {
      isReusable = false
      nodes.forEach(({ pause }) => { pause() })
    },
    resume: () => { nodes.forEach(({ resume }) => { resume() }) },
    dispose
  }
}

/**
 * Makes `milliseconds` pass for the keys with these prefixes (`'*'`: all), instead of faking a clock: hash fields named `...At` and sorted-set scores that
 * are times move into the past, times to live get shorter, and what would have expired is gone. Answers how many keys it met.
 */
export async function ageRecords (client: RedisClient, prefixes: string[] | '*', milliseconds: number): Promise<number> {
  // An empty list would mean every key to the script.
  if (prefixes.length === 0) return 0
  const masters = client instanceof Cluster ? client.nodes('master') : [client]
  const counts = await Promise.all(masters.map(async (master) => Number(await master.eval(ageRecordsScript, 0, milliseconds, ...(prefixes === '*' ? [] : prefixes)))))
  return counts.reduce((sum, count) => sum + count)
}
