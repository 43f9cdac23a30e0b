import { execFile } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Test } from 'tap'
import { builtProgram, freePort, newFolder, type ServerProcess, settings } from './process.ts'
import { DURABLE, type RedisNode, startNode } from './redis-node.ts'

export interface Said { code: number, out: string, err: string }

/** The command as an operator calls it, in the folder `cwd`. */
export async function dvokrok (args: string[], env: Record<string, string>, cwd: string): Promise<Said> {
  const program = await builtProgram('dvokrok.js')
  return await new Promise((resolve) => {
    execFile(process.execPath, [program, ...args], { env: { PATH: process.env['PATH'], ...env }, cwd }, (error, out, err) => {
      resolve({ code: Number(error?.code ?? 0), out, err })
    })
  })
}

/** A Redis on a port, for a server of its own. */
export async function startOne (t: Test, options: string[] = []): Promise<RedisNode> {
  // A copy begins at once, not after the five seconds in which Redis would wait for more replicas.
  const node = await startNode([...DURABLE, '--repl-diskless-sync-delay', '0', ...options], { on: 'port' })
  t.teardown(node.dispose)
  return node
}

/** The port is part of who issued a token, so it stays. */
export const fixedSettings = async (...given: Parameters<typeof settings>): Promise<Record<string, string>> =>
  ({ ...settings(...given), PORT: `${await freePort()}` })

export const folderOf = async (node: RedisNode): Promise<string> => (await node.client.config('GET', 'dir'))[1] ?? ''
export const hostOf = (node: RedisNode): string => `127.0.0.1:${node.port}`

/** Password and mailed code, in a local mailbox or by `codeOf`. */
export async function signIn (
  server: ServerProcess, { email, password }: { email: string, password: string }, codeOf: () => Promise<string>
) {
  const browser = server.browser()
  while ((await browser.post('/auth/login', { email, password })).status === 503) await sleep(100)
  return await browser.post('/auth/verify-otp', { otp: await codeOf() })
}

export async function stop (server: ServerProcess): Promise<void> {
  server.signal('SIGTERM')
  await server.exited()
}

export function workFolder (t: Test): string {
  const folder = newFolder(t)
  mkdirSync(folder, { recursive: true })
  return folder
}
