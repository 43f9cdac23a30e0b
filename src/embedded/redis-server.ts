import { accessSync, constants, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { now } from '../platform/clock.ts'
import { holdsDataDir } from './data-dir.ts'
import { findRedisServer } from './find-redis.ts'
import { processIdentity } from './process-identity.ts'
import { choosePrivateUrl, endRedis, redisConfiguration, spawnRedis, waitUntilReady, type RedisChild } from './redis-child.ts'
import { removeAddress, stopOrphan, writeRecord } from './redis-orphan.ts'

const FIRST_PAUSE_MS = 100
/** Short enough that the server is back within 5 s after Redis dies. */
const LONGEST_PAUSE_MS = 2_000
/** A Redis that ran this long did not fail to start. */
const HEALTHY_AFTER_MS = 1_000

type Say = (line: string) => void

export interface EmbeddedRedis {
  /** `unix:/tmp/.../s` or `redis://:password@127.0.0.1:port`; a restart does not change it. */
  url: string
  /** The current pid; a restart changes it. */
  readonly pid: number
  /** Ends Redis once everything is written, and removes its socket and files but not its data. May be called twice. */
  stop: () => Promise<void>
}

/**
 * Starts a Redis as a child process: it keeps its data in `DATA_DIR/redis`, writes each change to disk before it answers, listens at an
 * address that only this user can reach, and is started again whenever it dies. One that a killed server left behind is stopped first.
 * `dataDir` must be locked by this process (`lockDataDir`).
 * @throws Error with the end of Redis' log when it does not start
 */
export async function startEmbeddedRedis ({ dataDir, say }: { dataDir: string, say: Say }): Promise<EmbeddedRedis> {
  // Without the lock, the Redis of a running server would be taken for an orphan and stopped.
  if (!holdsDataDir(dataDir)) throw new Error(`${dataDir} must be locked by lockDataDir before Redis is started in it`)
  const folder = resolve(dataDir, 'redis')
  const recordFile = join(dataDir, 'redis.json')
  const configurationFile = resolve(dataDir, 'redis.conf')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  // Redis would only say that permission is denied.
  accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK)
  const command = await findRedisServer(say)
  await stopOrphan(recordFile, folder, say)

  const url = await choosePrivateUrl()
  // A file, because arguments are visible to everybody in `ps`.
  writeFileSync(configurationFile, redisConfiguration(url, folder), { mode: 0o600 })
  const launch = (): RedisChild => {
    writeRecord(recordFile, { url })
    const child = spawnRedis(command, configurationFile, url)
    try {
      writeRecord(recordFile, { url, pid: child.pid, identity: processIdentity(child.pid) })
    } catch {
      // The disk is full. The address alone is enough to find an orphan.
    }
    return child
  }
  const forget = (): void => {
    removeAddress(url)
    for (const file of [recordFile, configurationFile]) rmSync(file, { force: true })
  }
  return await keepRunning({ url, launch, forget, say })
}

interface Keeping { url: string, launch: () => RedisChild, forget: () => void, say: Say }

async function keepRunning ({ url, launch, forget, say }: Keeping): Promise<EmbeddedRedis> {
  const stopping = new AbortController()
  let stopped: Promise<void> | undefined
  let child = launch()
  // For process.exit and uncaught errors, where nobody calls stop(). After kill -9 the next start stops the orphan.
  const endChild = () => { child.kill('SIGTERM') }
  process.once('exit', endChild)
  try {
    await waitUntilReady(child, url)
  } catch (error) {
    await endRedis(child)
    process.off('exit', endChild)
    forget()
    throw error
  }
  const kept = keepAlive()

  async function keepAlive (): Promise<void> {
    let pauseMs = FIRST_PAUSE_MS
    for (;;) {
      const code = await child.exited
      if (stopping.signal.aborted) return
      const log = code === null ? '' : ` Its log ended with:\n${child.lastLines()}`
      say(`Redis (process ${child.pid}) ended and is started again on the same data.${log}`)
      if (now() - child.startedAt > HEALTHY_AFTER_MS) pauseMs = FIRST_PAUSE_MS
      pauseMs = await revive(pauseMs)
    }
  }

  /** Tries until Redis is back or `stop` is called. Returns how long to wait before the next try, should it die at once. */
  async function revive (pauseMs: number): Promise<number> {
    for (let failures = 0; ; failures++) {
      await sleep(pauseMs, undefined, { signal: stopping.signal }).catch(() => {})
      if (stopping.signal.aborted) return pauseMs
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)
      try {
        child = launch()
        await waitUntilReady(child, url)
        say(`Redis is back (process ${child.pid}).`)
        return pauseMs
      } catch (error) {
        if (failures === 0 && !stopping.signal.aborted) say(`${String(error)}\nTrying again until it starts.`)
        await endRedis(child)
      }
    }
  }

  async function stop (): Promise<void> {
    stopping.abort()
    await endRedis(child)
    await kept
    process.off('exit', endChild)
    forget()
  }

  return {
    url,
    get pid () { return child.pid },
    stop: () => (stopped ??= stop())
  }
}
