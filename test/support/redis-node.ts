import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { findRedisServer } from '../../src/embedded/find-redis.ts'

/** One redis-server process on its own folder. */
export interface RedisNode {
  /** For `REDIS_URL`; the same after a restart. */
  url: string
  /** 0 on a socket. */
  port: number
  readonly pid: number
  /** Neither killed nor paused. */
  readonly isRunning: boolean
  /** Patient: waits while the server is down. For the test's own looks. */
  client: Redis
  /** SIGKILL, resolved when it is gone. */
  kill9: () => Promise<void>
  /** Starts it again on the same data (kills it first if it runs), resolved when it answers. */
  restart: () => Promise<void>
  /** SIGSTOP: connections stay open and nothing answers. */
  pause: () => void
  resume: () => void
  dispose: () => Promise<void>
}

// Below the ports that systems give to outgoing connections, so that a server finds its own free again after a restart.
const LOWEST_PORT = 12_000
const PORTS = 10_000
/** What Redis Cluster adds for its bus. */
const BUS = 10_000
/** Written to disk before it is answered. */
export const DURABLE = ['--appendonly', 'yes', '--appendfsync', 'always', '--save', '']

interface Where {
  /** A short socket path without TCP, a loopback port, or one with room for the bus of a Cluster. */
  on: 'socket' | 'port' | 'port and bus'
  /** What comes before the options, such as a file and `--sentinel`. */
  args?: (folder: string) => string[]
}

/** `options` are further arguments of redis-server. Resolved when it answers; rejects at once when it refuses them. */
export async function startNode (options: string[], { on, args = () => [] }: Where): Promise<RedisNode> {
  const command = await findRedisServer((line) => { process.stderr.write(`${line}\n`) })
  const folder = mkdtempSync(join(tmpdir(), 'dvt-'))
  const path = join(folder, 's')
  const port = on === 'socket' ? 0 : await quietPort(on === 'port and bus')
  const listen = on === 'socket' ? ['--unixsocket', path] : ['--bind', '127.0.0.1']
  const launch = (): ChildProcess =>
    spawn(command, [...args(folder), '--port', `${port}`, ...listen, '--dir', folder, ...options], {
      stdio: ['ignore', 'ignore', 'inherit']
    })
  let child = launch()
  const kill = (): void => { child.kill('SIGKILL') }
  leftToKill.add(kill)
  const client = new Redis({
    ...(on === 'socket' ? { path } : { host: '127.0.0.1', port }),
    maxRetriesPerRequest: null,
    retryStrategy: () => 5
  })
  // Being away now and then is what these tests are about.
  client.on('error', () => {})

  let isPaused = false
  const kill9 = async (): Promise<void> => {
    isPaused = false
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  const answers = async (): Promise<void> => {
    const ended = once(child, 'exit').then(([code]) => { throw new Error(`redis-server ended with code ${code} instead of starting`) })
    await Promise.race([client.ping(), ended])
    ended.catch(() => {})
  }
  const dispose = async (): Promise<void> => {
    leftToKill.delete(kill)
    client.disconnect()
    await kill9()
    await removeFolder(folder)
  }
  await answers().catch(async (error) => {
    await dispose()
    throw error
  })
  return {
    url: on === 'socket' ? `unix:${path}` : `redis://127.0.0.1:${port}`,
    port,
    get pid () { return child.pid ?? 0 },
    get isRunning () { return !isPaused && child.exitCode === null && child.signalCode === null },
    client,
    kill9,
    restart: async () => {
      await kill9()
      child = launch()
      await answers()
    },
    pause: () => { isPaused = child.kill('SIGSTOP') },
    resume: () => { isPaused = !child.kill('SIGCONT') },
    dispose
  }
}

/** A Redis that was killed may leave a child that still writes: it rewrites the append-only file. */
export const removeFolder = async (folder: string): Promise<void> => {
  await rm(folder, { recursive: true, force: true, maxRetries: 10 })
}

/**
 * A replica that was started with it hears nothing of its master for so long, and never of what it is sent meanwhile: its master counts
 * it as there.
 */
export async function deafen ({ client }: RedisNode, seconds: number): Promise<void> {
  // In one piece: in between it would read what has come.
  await client.multi().call('DEBUG', 'SLEEP', seconds).call('CLIENT', 'KILL', 'TYPE', 'master').exec()
}
/** What `deafen` needs. */
export const MAY_BE_DEAF = ['--enable-debug-command', 'local']

/** Resolves when `look` says yes. */
export async function until (look: () => Promise<boolean>, milliseconds = 60_000): Promise<void> {
  const deadline = AbortSignal.timeout(milliseconds)
  while (!await look()) {
    if (deadline.aborted) throw new Error(`still not so after ${milliseconds} ms: ${look.toString()}`)
    await sleep(20)
  }
}

/** A field of INFO or CLUSTER INFO. */
export const fact = (info: unknown, name: string): string => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(String(info))?.[1] ?? ''

// When the test process leaves early, no Redis must outlive it.
const leftToKill = new Set<() => void>()
process.once('exit', () => { for (const kill of leftToKill) kill() })

const given = new Set<number>()

export async function quietPort (hasBus: boolean): Promise<number> {
  for (;;) {
    const port = LOWEST_PORT + Math.floor(Math.random() * PORTS)
    if (given.has(port) || !await isFree(port) || (hasBus && !await isFree(port + BUS))) continue
    given.add(port)
    return port
  }
}

async function isFree (port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1')
  const isOurs = await Promise.race([once(server, 'listening').then(() => true), once(server, 'error').then(() => false)]).catch(
    () => false
  )
  if (isOurs) {
    server.close()
    await once(server, 'close')
  }
  return isOurs
}
