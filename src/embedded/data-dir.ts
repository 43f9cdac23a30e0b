import { randomInt } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { processIdentity } from './process-identity.ts'

const LOCK_NAME = /^lock\.(\d+)\.(.+)$/
/** Two processes that start together see each other's lock and both give way. After random pauses one of them is first. */
const TRIES = 5
const LONGEST_PAUSE_MS = 60

/**
 * Locks `dataDir` for this process, and creates it (0700) when it is missing. The lock ends with `release()` or with the process, however
 * that ends. It works between processes of one machine, not on a folder shared by containers or over a network.
 * @throws Error that names the process that holds it, and what to do
 */
export function lockDataDir (dataDir: string): { release: () => void } {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const ownLock = lockFile(dataDir)
  if (existsSync(ownLock)) throw heldBy(process.pid, dataDir)
  for (let tries = 1; ; tries++) {
    // Each process has its own lock file and writes it before it looks for others, so no live lock is ever removed.
    writeFileSync(ownLock, '', { flag: 'wx', mode: 0o600 })
    const holder = findOtherHolder(dataDir)
    if (holder === undefined) return { release: () => { rmSync(ownLock, { force: true }) } }
    rmSync(ownLock, { force: true })
    if (tries === TRIES) throw heldBy(holder, dataDir)
    pause(randomInt(1, LONGEST_PAUSE_MS))
  }
}

/** Whether this process holds `dataDir` now. */
export function holdsDataDir (dataDir: string): boolean {
  return existsSync(lockFile(dataDir))
}

function lockFile (dataDir: string): string {
  return join(dataDir, `lock.${process.pid}.${processIdentity(process.pid) ?? 'unknown'}`)
}

/** The pid of another live process that holds a lock. Locks of dead processes are removed. */
function findOtherHolder (dataDir: string): number | undefined {
  for (const name of readdirSync(dataDir)) {
    const [, pidText, identity] = LOCK_NAME.exec(name) ?? []
    const pid = Number(pidText)
    if (pidText === undefined || pid === process.pid) continue
    if (processIdentity(pid) === identity) return pid
    rmSync(join(dataDir, name), { force: true })
  }
  return undefined
}

function heldBy (pid: number, dataDir: string): Error {
  return new Error(`DATA_DIR ${resolve(dataDir)} is in use by the server with process id ${pid}. ` +
    `Stop that server first (kill ${pid}), or set DATA_DIR to another folder for this one.`)
}

function pause (milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds)
}
