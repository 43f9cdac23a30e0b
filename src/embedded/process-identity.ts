import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'

const BOOT_ID_FILE = '/proc/sys/kernel/random/boot_id'
/** Index of `starttime` in /proc/PID/stat after the name in parentheses: proc(5), field 22. */
const START_TIME = 19

/**
 * Identifies the process that has `pid` now by its start time and boot (from /proc or `ps`), so that a later process with the same pid is
 * told apart. Can be part of a file name. `undefined` when there is none, or when it is dead and not yet reaped.
 */
export function processIdentity (pid: number): string | undefined {
  if (existsSync('/proc/self/stat')) return fromProc(pid)
  if (existsSync('/bin/ps')) return fromPs(pid)
  return isRunning(pid) ? 'unknown' : undefined
}

function fromProc (pid: number): string | undefined {
  const stat = textOrNothing(() => readFileSync(`/proc/${pid}/stat`, 'utf8'))
  // The name may contain spaces and parentheses, so count from the last one.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  if (fields.length <= START_TIME || isDeadState(fields[0])) return undefined
  const boot = textOrNothing(() => readFileSync(BOOT_ID_FILE, 'utf8')).slice(0, 8)
  return `${fields[START_TIME]}-${boot}`
}

function fromPs (pid: number): string | undefined {
  // ps prints local time in the local language. Both are fixed, or a server with another TZ would not recognize its peer.
  const env = { TZ: 'UTC', LC_ALL: 'C' }
  const args = ['-o', 'state=,lstart=', '-p', `${pid}`]
  const line = textOrNothing(() => execFileSync('/bin/ps', args, { env, encoding: 'utf8', stdio: 'pipe' }))
  const [state, ...started] = line.trim().split(/\s+/)
  return started.length === 0 || isDeadState(state) ? undefined : started.join('-').replaceAll(':', '')
}

function isDeadState (state: string | undefined): boolean {
  return state === undefined || /^[ZX]/.test(state)
}

function textOrNothing (read: () => string): string {
  try {
    return read()
  } catch {
    return ''
  }
}

function isRunning (pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
