import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'

const BOOT_ID_FILE = '/proc/sys/kernel/random/boot_id'
/** Position of `starttime` in /proc/PID/stat after the name in brackets: proc(5), field 22. */
const START_TIME = 19

/**
 * Names the process that has `pid` now, fit for a file name: a later process with the same pid has another name (start time and
 * boot, from /proc or `ps`). `undefined` when there is none; a process that is dead and only not yet reaped counts as none.
 */
export function processIdentity (pid: number): string | undefined {
  if (existsSync('/proc/self/stat')) return fromProc(pid)
  if (existsSync('/bin/ps')) return fromPs(pid)
  return isRunning(pid) ? 'unknown' : undefined
}

function fromProc (pid: number): string | undefined {
  const stat = textOrNothing(() => readFileSync(`/proc/${pid}/stat`, 'utf8'))
  // The name may hold spaces and brackets, so count from the last bracket.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  if (fields.length <= START_TIME || isDeadState(fields[0])) return undefined
  const boot = textOrNothing(() => readFileSync(BOOT_ID_FILE, 'utf8')).slice(0, 8)
  return `${fields[START_TIME]}-${boot}`
}

function fromPs (pid: number): string | undefined {
  // The start time is printed in local time and language: fixed here, or a server under another TZ would not know its peer.
  const env = { TZ: 'UTC', LC_ALL: 'C' }
  const line = textOrNothing(() => execFileSync('/bin/ps', ['-o', 'state=,lstart=', '-p', `${pid}`], { env, encoding: 'utf8', stdio: 'pipe' })).trim()
  const [state, ...started] = line.split(/\s+/)
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
