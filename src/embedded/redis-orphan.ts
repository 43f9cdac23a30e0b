import { readFileSync, realpathSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { now } from '../platform/clock.ts'
import { processIdentity } from './process-identity.ts'
import { askRedis, socketPathOf } from './redis-child.ts'

const POLL_MS = 10
const KILL_AFTER_MS = 10_000

/** What the next server needs to stop this Redis, should its server be killed. `pid` is missing until Redis has started. */
export interface RedisRecord { url: string, pid?: number, identity?: string }

/** Writes the record atomically, with mode 0600 because the address may contain a password. */
export function writeRecord (file: string, record: RedisRecord): void {
  writeFileSync(`${file}.new`, JSON.stringify(record), { mode: 0o600 })
  renameSync(`${file}.new`, file)
}

/**
 * Stops the Redis that a killed server left behind, once its data is written, and deletes the record. It is not adopted: only the parent
 * of a process learns of its death at once, and it may have an older version or configuration.
 * @throws Error when the recorded process is not a Redis on `folder`
 */
export async function stopOrphan (recordFile: string, folder: string, say: (line: string) => void): Promise<void> {
  const record = readRecord(recordFile)
  if (record === undefined) return
  const pid = await findOrphan(record, folder)
  if (pid !== undefined) {
    say(`Stopping the Redis (process ${pid}) that a killed server left behind. Its data is kept.`)
    await end(pid)
  }
  removeAddress(record.url)
  rmSync(recordFile)
}

/** The address of the Redis that is running on `dataDir`, if any. */
export function runningRedisUrl (dataDir: string): string | undefined {
  const record = readRecord(join(dataDir, 'redis.json'))
  const isAlive = record?.pid !== undefined && record.identity !== undefined && processIdentity(record.pid) === record.identity
  return isAlive ? record.url : undefined
}

/** Removes the socket and its folder. */
export function removeAddress (url: string): void {
  const socketPath = socketPathOf(url)
  if (socketPath === undefined) return
  rmSync(socketPath, { force: true })
  try {
    rmdirSync(dirname(socketPath))
  } catch {
    // It is gone already, or holds files of others.
  }
}

async function findOrphan ({ url, pid, identity }: RedisRecord, folder: string): Promise<number | undefined> {
  const isAlive = pid !== undefined && identity !== undefined && processIdentity(pid) === identity
  const reply = await askRedis(url, ['CONFIG GET dir', 'INFO server']).catch(() => '')
  const answeredFolder = /\$3\r\ndir\r\n\$\d+\r\n(.*)\r\n/.exec(reply)?.[1]
  const answeredPid = /\bprocess_id:(\d+)/.exec(reply)?.[1]
  if (answeredFolder === realpathSync(folder) && answeredPid !== undefined) return Number(answeredPid)
  // It is frozen, still loading, or its socket was deleted from the temporary folder. The start time identifies it.
  if (isAlive && answeredFolder === undefined) return pid
  if (isAlive) {
    throw new Error(`Process ${pid} is recorded as the Redis of ${folder} but has its data in ${answeredFolder}. ` +
      `Check what it is, stop it (kill ${pid}), and start again.`)
  }
  return undefined
}

async function end (pid: number): Promise<void> {
  const identity = processIdentity(pid)
  const isThere = () => identity !== undefined && processIdentity(pid) === identity
  const startedAt = now()
  signalIfThere(pid, 'SIGTERM')
  while (isThere()) {
    if (now() - startedAt > KILL_AFTER_MS) signalIfThere(pid, 'SIGKILL')
    await sleep(POLL_MS)
  }
}

function signalIfThere (pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if (!hasCode(error, 'ESRCH')) throw error
  }
}

function readRecord (file: string): RedisRecord | undefined {
  try {
    const record: unknown = JSON.parse(readFileSync(file, 'utf8'))
    if (isRecord(record)) return record
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    if (!(error instanceof SyntaxError)) throw error
  }
  throw new Error(`${file} is damaged. Make sure that no redis-server is running on its folder, delete the file, and start again.`)
}

function isRecord (value: unknown): value is RedisRecord {
  return typeof value === 'object' && value !== null && 'url' in value && typeof value.url === 'string' &&
    (!('pid' in value) || typeof value.pid === 'number') && (!('identity' in value) || typeof value.identity === 'string')
}

function hasCode (error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
