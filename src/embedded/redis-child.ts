import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync } from 'node:fs'
import { createConnection, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { now } from '../platform/clock.ts'

/** The limit of macOS, the lowest of the supported systems (104 bytes with the terminating zero). */
const LONGEST_SOCKET_PATH_BYTES = 103
const ANSWER_WITHIN_MS = 1_000
const SILENT_START_MS = 30_000
const POLL_MS = 10
const KILL_AFTER_MS = 10_000
const LOG_LINES = 12

export interface RedisChild {
  pid: number
  startedAt: number
  /** The exit code; null after a signal. */
  exited: Promise<number | null>
  hasEnded: () => boolean
  lastLines: () => string
  kill: (signal: NodeJS.Signals) => void
}

/** An address that only this user can reach: `unix:/tmp/dvokrok-x/s`, or `redis://:password@127.0.0.1:port` where that path is too long. */
export async function choosePrivateUrl (): Promise<string> {
  const folder = join(tmpdir(), 'dvokrok-')
  const longestPath = join(`${folder}XXXXXX`, 's')
  if (process.platform !== 'win32' && Buffer.byteLength(longestPath) <= LONGEST_SOCKET_PATH_BYTES) {
    return `unix:${join(mkdtempSync(folder), 's')}`
  }
  return `redis://:${randomBytes(24).toString('hex')}@127.0.0.1:${await findFreePort()}`
}

/** The path of a `unix:` address, undefined for others. */
export function socketPathOf (url: string): string | undefined {
  return url.startsWith('unix:') ? url.slice('unix:'.length) : undefined
}

/** The configuration file of a Redis that keeps its data in `folder` and listens only at `url`. */
export function redisConfiguration (url: string, folder: string): string {
  const { port, password } = socketPathOf(url) === undefined ? new URL(url) : { port: '0', password: '' }
  return [
    `port ${port}`,
    ...(password === ''
      ? [`unixsocket ${JSON.stringify(socketPathOf(url))}`, 'unixsocketperm 700']
      : ['bind 127.0.0.1', `requirepass ${password}`]),
    'protected-mode yes',
    'daemonize no',
    `dir ${JSON.stringify(folder)}`,
    'appendonly yes',
    'appendfsync always',
    'aof-load-truncated yes',
    'save ""',
    'maxmemory-policy noeviction',
    // An activity log starts with a node of this size, so a short log needs little memory.
    'stream-node-max-bytes 512',
    ''
  ].join('\n')
}

/** Starts `command` in its own session, so that Ctrl-C in the terminal reaches the server and not its Redis. */
export function spawnRedis (command: string, configurationFile: string, url: string): RedisChild {
  const socketPath = socketPathOf(url)
  if (socketPath !== undefined) mkdirSync(dirname(socketPath), { recursive: true, mode: 0o700 })
  const child = spawn(command, [configurationFile], { detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  let lines: string[] = []
  const keep = (chunk: Buffer) => { lines = [...lines, ...chunk.toString().trimEnd().split('\n')].slice(-LOG_LINES) }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  let hasEnded = false
  const exited = new Promise<number | null>((resolve) => {
    const end = (code: number | null) => {
      hasEnded = true
      resolve(code)
    }
    child.once('exit', end)
    child.once('error', (error) => {
      lines.push(error.message)
      end(null)
    })
  })
  return {
    pid: child.pid ?? 0,
    startedAt: now(),
    exited,
    hasEnded: () => hasEnded,
    lastLines: () => lines.join('\n'),
    kill: (signal) => { child.kill(signal) }
  }
}

/**
 * Resolves when this very child answers at `url`, however long it loads its data.
 * @throws Error with the end of its log when it ends, or does not answer at all for 30 s
 */
export async function waitUntilReady (child: RedisChild, url: string): Promise<void> {
  let lastSignAt = now()
  while (!child.hasEnded()) {
    const reply = await askRedis(url, ['PING', 'INFO server']).catch(() => '')
    const isOurs = reply.includes(`process_id:${child.pid}\r\n`)
    if (isOurs && reply.includes('+PONG')) return
    if (isOurs) lastSignAt = now()
    if (now() - lastSignAt > SILENT_START_MS) break
    await sleep(POLL_MS)
  }
  throw new Error(`Redis did not start. Its log ended with:\n${child.lastLines()}`)
}

/** Sends SIGTERM, on which Redis writes its data, and SIGKILL when it is still running after 10 s. */
export async function endRedis (child: RedisChild): Promise<void> {
  const timer = setTimeout(() => { child.kill('SIGKILL') }, KILL_AFTER_MS)
  child.kill('SIGTERM')
  await child.exited
  clearTimeout(timer)
}

/** Sends `commands` on a new connection and returns the raw replies. Rejects when there is no answer within a second. */
export async function askRedis (url: string, commands: string[]): Promise<string> {
  const socketPath = socketPathOf(url)
  const { port, password } = socketPath === undefined ? new URL(url) : { port: '0', password: '' }
  const socket = socketPath === undefined ? createConnection(Number(port), '127.0.0.1') : createConnection(socketPath)
  const auth = password === '' ? [] : [`AUTH ${password}`]
  // Not socket.setTimeout, which counts from the last byte: this is a deadline for the whole answer.
  const timer = setTimeout(() => { socket.destroy(new Error('no answer')) }, ANSWER_WITHIN_MS)
  try {
    socket.write([...auth, ...commands, 'QUIT', ''].join('\r\n'))
    const received: AsyncIterable<Buffer> = socket
    const chunks: Buffer[] = []
    for await (const chunk of received) chunks.push(chunk)
    return Buffer.concat(chunks).toString()
  } finally {
    clearTimeout(timer)
    socket.destroy()
  }
}

async function findFreePort (): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('No free port on 127.0.0.1')
  return address.port
}
