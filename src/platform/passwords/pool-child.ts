import { fork } from 'node:child_process'
import os from 'node:os'
import { fileURLToPath } from 'node:url'
import type { WorkerMessage, WorkerRequest } from './pool-messages.ts'

// The worker lies beside this file and is of its kind: .ts under tsx or tap, .js in the build.
const EXTENSION = import.meta.url.endsWith('.ts') ? '.ts' : '.js'
const WORKER_PATH = fileURLToPath(new URL(`./pool-worker${EXTENSION}`, import.meta.url))
// Strength estimation makes much short-lived garbage; a small young generation halves the worker's memory.
const MEMORY_ARGS = ['--max-semi-space-size=2']

export interface PasswordChild {
  readonly pid: number | undefined
  send (request: WorkerRequest): void
  /** Lets the child end by itself. */
  disconnect (): void
  kill (): void
}

export interface ChildEvents {
  onMessage (message: WorkerMessage): void
  /** Called once, whether the child ended or could not be started. */
  onGone (reason: string): void
}

// Not the parent's own arguments: a debugger's port is taken, and a test runner's loaders take seconds of each worker's start.
const loaderArgs = (): string[] => EXTENSION === '.ts' ? ['--import', import.meta.resolve('tsx')] : []

/** From its first moment on, so that not even its start takes anything from the server's. Its threads get the same. */
const yieldToAll = (pid: number | undefined): void => {
  if (pid === undefined) return
  try {
    os.setPriority(pid, os.constants.priority.PRIORITY_BELOW_NORMAL)
  } catch {
    // It has gone already, as its exit event will tell.
  }
}

/** Starts one worker process. It gets an empty environment: the secrets of the server's own stay where they are. */
export const startChild = ({ onMessage, onGone }: ChildEvents): PasswordChild => {
  const child = fork(WORKER_PATH, [], {
    env: {},
    execArgv: [...loaderArgs(), ...MEMORY_ARGS],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc']
  })
  yieldToAll(child.pid)
  let gone = false
  const leave = (reason: string): void => {
    if (gone) return
    gone = true
    onGone(reason)
  }
  child.on('message', (message: WorkerMessage) => { if (!gone) onMessage(message) })
  child.on('error', error => { if (child.pid === undefined) leave(error.message) })
  child.on('exit', (code, signal) => leave(signal ?? `exit code ${code}`))
  return {
    pid: child.pid,
    // A failed send means that the child is dying: its exit event deals with the job.
    send: request => { child.send(request, () => {}) },
    disconnect: () => { if (child.connected) child.disconnect() },
    kill: () => { child.kill('SIGKILL') }
  }
}
