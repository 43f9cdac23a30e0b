import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { tmpdir } from 'node:os'

/**
 * Node with these arguments as users run it: of our environment it sees PATH, HOME and TMPDIR. By way of env(1), because the runner
 * puts a loader of its own into the environment of whatever a test starts, and into that of its children: with it Node is slow to
 * start, and now and then does not end.
 */
export function startProgram (args: string[], env: Record<string, string>, cwd?: string): ChildProcessWithoutNullStreams {
  const { PATH = '', HOME = '' } = process.env
  const settings = Object.entries({ PATH, HOME, TMPDIR: tmpdir(), ...env }).map(([name, value]) => `${name}=${value}`)
  return spawn('env', ['-i', ...settings, process.execPath, ...args], cwd === undefined ? {} : { cwd })
}
