import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { promisify } from 'node:util'

const run = promisify(execFile)

const SERVERS = ['valkey-server', 'redis-server']
const OLDEST_MAJOR_VERSION = 7

/**
 * The maintainer scripts of Debian's package start a service on port 6379 and enable it at boot. RUNLEVEL=1 does not prevent that under
 * systemd, and a policy-rc.d would change the machine, so the two commands that start services do nothing during this one run. `flock`
 * lets test files that start together install one after the other.
 */
const APT_LOCK_FILE = '/run/dvokrok-apt.lock'
const APT_SCRIPT = `
command -v redis-server >/dev/null && exit 0
silent=$(mktemp -d) && trap 'rm -rf "$silent"' EXIT
for name in invoke-rc.d deb-systemd-invoke; do printf '#!/bin/sh\\n' > "$silent/$name" && chmod 700 "$silent/$name"; done
export DEBIAN_FRONTEND=noninteractive
# A broken third-party source fails the update but not the installation.
apt-get -q update || true
apt-get -q install -y --no-install-recommends -o DPkg::Lock::Timeout=120 \\
  -o DPkg::Path="$silent:/usr/sbin:/usr/bin:/sbin:/bin" redis-server || exit 1
update-rc.d redis-server disable || true
`

/**
 * The command of a Valkey or a Redis >= 7.0. Where PATH has none, it is installed by the package manager of this machine; `say` is called
 * before that.
 * @throws Error that names every way to get one
 */
export async function findRedisServer (say: (line: string) => void): Promise<string> {
  const found = await findOnPath()
  if (found.command !== undefined) return found.command
  const trouble = found.tooOld ?? await install(say)
  const installed = await findOnPath()
  if (installed.command !== undefined) return installed.command
  throw new Error(waysToGetOne(installed.tooOld ?? trouble))
}

async function findOnPath (): Promise<{ command?: string, tooOld?: string }> {
  let tooOld: string | undefined
  for (const command of SERVERS) {
    const version = await versionOf(command)
    if (version === undefined) continue
    if (Number.parseInt(version, 10) >= OLDEST_MAJOR_VERSION) return { command }
    tooOld ??= `${command} on PATH is ${version}, too old.`
  }
  return tooOld === undefined ? {} : { tooOld }
}

async function versionOf (command: string): Promise<string | undefined> {
  const output = await run(command, ['--version']).catch(() => undefined)
  return /\bv=(\d+\.\d+\.\d+)/.exec(output?.stdout ?? '')?.[1]
}

/** Returns what went wrong, if anything. */
async function install (say: (line: string) => void): Promise<string | undefined> {
  if (process.getuid?.() === 0 && existsSync('/etc/debian_version') && await exists('apt-get')) {
    say('No Valkey or Redis on PATH: installing the package redis-server (apt-get). It is not started as a service.')
    return await troubleOf('flock', [APT_LOCK_FILE, 'sh', '-c', APT_SCRIPT])
  }
  if (await exists('brew')) {
    say('No Valkey or Redis on PATH: installing it with Homebrew (brew install redis). It is not started as a service.')
    return await troubleOf('brew', ['install', 'redis'])
  }
  return undefined
}

async function exists (command: string): Promise<boolean> {
  return await run(command, ['--version']).then(() => true, () => false)
}

async function troubleOf (command: string, args: string[]): Promise<string | undefined> {
  try {
    await run(command, args, { maxBuffer: 64 * 1024 * 1024 })
    return undefined
  } catch (error) {
    const text = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error)
    return `The installation failed: ${text.trim().split('\n').slice(-3).join(' ')}`
  }
}

function waysToGetOne (trouble: string | undefined): string {
  return [
    `Dvokrok needs a Valkey or a Redis >= ${OLDEST_MAJOR_VERSION}.0 and found none on PATH.` +
      `${trouble === undefined ? '' : ` ${trouble}`} Any of these will do:`,
    '  - install it: apt-get install redis-server (as root), dnf install valkey, apk add valkey, pacman -S valkey, brew install redis',
    '  - docker compose up, which starts Redis as well',
    '  - REDIS_URL=redis://host:6379, the address of one that runs elsewhere'
  ].join('\n')
}
