import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { now } from '../platform/clock.ts'
import { holdsDataDir } from './data-dir.ts'
import { findRedisServer } from './find-redis.ts'
import { processIdentity } from './process-identity.ts'
import { choosePrivateUrl, endRedis, redisConfiguration, spawnRedis, waitUntilReady, type RedisChild } from './redis-child.ts'
import { removeAddress, stopOrphan, writeRecord } from './redis-orphan.ts'

const FIRST_PAUSE_MS = 100
/** Short enough that the server is back within 5 s of any single death. */
const LONGEST_PAUSE_MS = 2_000
/** One that lived this long did not die of its start. */
const HEALTHY_AFTER_MS = 1_000

type Say = (line: string) => void
type ExitListener = (code: number | null) => void

export interface EmbeddedRedis {
  /** `unix:/tmp/.../s` or `redis://:password@127.0.0.1:port`; the same as long as this lives. */
  url: string
  /** The pid of now; another one after a restart. */
  readonly pid: number
  /** Ends Redis, everything written down, and removes its socket and files but not its data. Fine to call twice. */
  stop: () => Promise<void>
  /** Told every time Redis ends without `stop()` (null: by a signal). It is being started again already. */
  onExit: (listener: ExitListener) => void
}

/**
 * A Redis of our own: a child process that keeps its data in `DATA_DIR/redis`, writes each change to disk before it answers, listens
 * at an address that only this user can reach, and is started again whenever it dies. Stops one that a killed server left behind.
 * `dataDir` must be locked by this process (`lockDataDir`). Throws an Error with Redis' last words when it does not start.
 */
export async function startEmbeddedRedis ({ dataDir, say }: { dataDir: string, say: Say }): Promise<EmbeddedRedis> {
  // Without the lock, the Redis of a running server would be taken for an orphan and stopped.
  if (!holdsDataDir(dataDir)) throw new Error(`${dataDir} must be locked by lockDataDir before Redis is started in it`)
  const folder = resolve(dataDir, 'redis')
  const recordFile = join(dataDir, 'redis.json')
  const configurationFile = resolve(dataDir, 'redis.conf')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const command = await findRedisServer(say)
  await stopOrphan(recordFile, folder, say)

  const url = await choosePrivateUrl()
  // A file and not arguments: everybody can read those in `ps`.
  writeFileSync(configurationFile, redisConfiguration(url, folder), { mode: 0o600 })
  const launch = (): RedisChild => {
    writeRecord(recordFile, { url })
    const child = spawnRedis(command, configurationFile, url)
    try {
      writeRecord(recordFile, { url, pid: child.pid, identity: processIdentity(child.pid) })
    } catch {
      // The disk filled up this instant. The address alone finds an orphan, too.
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
  const listeners: ExitListener[] = []
  let stopped: Promise<void> | undefined
  let child = launch()
  // For process.exit and uncaught errors, where nobody calls stop(). After kill -9 the next start does it.
  const endWithUs = () => { child.kill('SIGTERM') }
  process.once('exit', endWithUs)
  try {
    await waitUntilReady(child, url)
  } catch (error) {
    await endRedis(child)
    process.off('exit', endWithUs)
    forget()
    throw error
  }
  const kept = keepAlive()

  async function keepAlive (): Promise<void> {
    let pauseMs = FIRST_PAUSE_MS
    for (;;) {
      const code = await child.exited
      if (stopping.signal.aborted) return
      say(`Redis (process ${child.pid}) ended; it is started again on the same data.${code === null ? '' : ` Its last words:\n${child.lastLines()}`}`)
      tell(code)
      if (now() - child.startedAt > HEALTHY_AFTER_MS) pauseMs = FIRST_PAUSE_MS
      pauseMs = await revive(pauseMs)
    }
  }

  /** Tries until Redis is back or we are stopped; answers how long to wait before the next try, should it die at once. */
  async function revive (pauseMs: number): Promise<number> {
    for (let failures = 0; ; failures++) {
      await sleep(pauseMs, undefined, { signal: stopping.signal }).catch(() => {})
      if (stopping.signal.aborted) return pauseMs
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)
      const dead = child
      try {
        child = launch()
        await waitUntilReady(child, url)
        say(`Redis is back (process ${child.pid}).`)
        return pauseMs
      } catch (error) {
        if (failures === 0 && !stopping.signal.aborted) say(`${String(error)}\nIt is tried again until it works.`)
        await endRedis(child)
        if (child !== dead && !stopping.signal.aborted) tell(await child.exited)
      }
    }
  }

  function tell (code: number | null): void {
    for (const listener of listeners) listener(code)
  }

  async function stop (): Promise<void> {
    stopping.abort()
    await endRedis(child)
    await kept
    process.off('exit', endWithUs)
    forget()
  }

  return {
    url,
    get pid () { return child.pid },
    stop: () => (stopped ??= stop()),
    onExit: (listener) => { listeners.push(listener) }
  }
}
