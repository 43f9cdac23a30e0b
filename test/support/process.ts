import { type ChildProcessWithoutNullStreams, execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Test } from 'tap'
import { lockDataDir } from '../../src/embedded/data-dir.ts'
import { type Person, person, SECRET } from './app.ts'
import { Browser, type BrowserOptions, type Reachable } from './browser.ts'
import { answerTo } from './patience.ts'
import { startProgram } from './program.ts'
import { removeFolder } from './redis-node.ts'
import { json, portOf, shaped } from './shapes.ts'
import type { TestSmtp } from './smtp.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const START_MS = 60_000
const CODE = /(?<!\d)\d{6,10}(?!\d)/

export interface ServerProcess {
  url: string
  port: number
  /** Of the process that runs now. */
  readonly pid: number
  /** Everything the process wrote, those before a `restart` too. */
  output: () => string
  /** The log lines of one event. */
  events: (name: string) => Array<Record<string, unknown>>
  /** What it should never write: crashes, answers 500, errors that nobody caught. */
  unexpected: () => unknown[]
  /** Resolves when it has written something more. */
  wrote: () => Promise<void>
  /** Resolves when such a line is there. */
  logged: (name: string) => Promise<Record<string, unknown>>
  /** With its own source address, which the server believes when `TRUST_PROXY` is set (`settings` does). */
  browser: (options?: BrowserOptions) => Browser
  /** The code of the newest mail to this address in the local mailbox. */
  mailboxCode: (to: string) => Promise<string>
  /** Resolves with its exit code, null after a signal. */
  exited: () => Promise<number | null>
  signal: (name: NodeJS.Signals) => void
  kill9: () => Promise<void>
  /** The same again, on the same port; resolved when it listens. */
  restart: () => Promise<void>
  /** Resolves when `/health/ready` is 200. */
  ready: () => Promise<void>
}

let built: Promise<void> | undefined

/** Builds the server as `npm start` does; test files that run at the same time wait for one another. */
async function build (): Promise<void> {
  const lock = await locked(join(tmpdir(), 'dvokrok-test-build'))
  try {
    await promisify(execFile)(process.execPath, [join(root, 'scripts/build.js'), '--if-stale'])
  } finally {
    lock.release()
  }
}

/** A program of the build, such as `tools/cli/doctor.js`, as `npm start` and the commands run it. */
export async function builtProgram (path: string): Promise<string> {
  await (built ??= build())
  return join(root, 'dist/src', path)
}

async function locked (folder: string): Promise<{ release: () => void }> {
  for (;;) {
    try {
      return lockDataDir(folder)
    } catch {
      await sleep(100)
    }
  }
}

export async function freePort (): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const port = portOf(server)
  server.close()
  await once(server, 'close')
  return port
}

export function newFolder (t: Test): string {
  const folder = mkdtempSync(join(tmpdir(), 'dvp-'))
  t.teardown(async () => { await removeFolder(folder) })
  return folder
}

/** What a server needs that has its own Redis and SMTP peer, with every source its own limits. */
export const settings = (t: Test, redis: { url: string }, smtp: { url: string }): Record<string, string> => ({
  REDIS_URL: redis.url,
  SMTP_URL: smtp.url,
  MAIL_FROM: 'Dvokrok <server@example.org>',
  SECRET,
  DATA_DIR: newFolder(t),
  TRUST_PROXY: '127.0.0.1',
  BCRYPT_COST: '10'
})

/**
 * The built server as a process of its own, killed at the end of `t`; it sees nothing of our environment. Resolved when it listens, or at
 * once with `wait: false`.
 */
export async function startServer (
  t: Test,
  env: Record<string, string> = {},
  { cwd = newFolder(t), wait = true, program = '' } = {}
): Promise<ServerProcess> {
  program ||= await builtProgram('server.js')
  const port = Number(env['PORT'] ?? (await freePort()))
  const url = `http://localhost:${port}`
  let output = ''
  let child: ChildProcessWithoutNullStreams
  let exited: Promise<number | null>

  const launch = (): void => {
    child = startProgram([program], { PORT: `${port}`, ...env }, cwd)
    child.stdin.end()
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString()
      })
    }
    exited = new Promise((resolve) => {
      child.once('close', resolve)
    })
  }
  const get = (path: string) => inject(port).inject({ method: 'GET', url: path, remoteAddress: '127.0.0.1', headers: {} })
  const answers = async (path: string): Promise<void> => {
    const deadline = AbortSignal.timeout(START_MS)
    while (
      await get(path).then(
        ({ statusCode }) => statusCode !== 200,
        () => true
      )
    ) {
      if (deadline.aborted || child.exitCode !== null) throw new Error(`${path} is not 200. The server said:\n${output}`)
      await sleep(20)
    }
  }
  const kill9 = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  const wrote = async (): Promise<void> => {
    await once(child.stdout, 'data', { signal: AbortSignal.timeout(START_MS) })
  }
  const events: ServerProcess['events'] = (name) =>
    output
      .split('\n')
      .filter((line) => line.startsWith('{') && line.endsWith('}'))
      .map((line) => json(line))
      .filter(({ event }) => event === name)

  launch()
  t.teardown(async () => {
    if (env['REDIS_URL']) return await kill9()
    // Its embedded Redis would outlive it.
    child.kill('SIGTERM')
    await exited
  })
  if (wait) await answers('/health/live')
  return {
    url,
    port,
    get pid () {
      return child.pid ?? 0
    },
    output: () => output,
    events,
    wrote,
    unexpected: () => [
      ...events('crash'),
      ...events('internal'),
      ...(output.match(/.*(?:UnhandledPromiseRejection|Unhandled error event|MaxListenersExceeded).*/g) ?? [])
    ],
    logged: async (name) => {
      for (;;) {
        const [first] = events(name)
        if (first) return first
        await wrote()
      }
    },
    browser: (options) => new Browser(inject(port), { origin: url, ...options }),
    mailboxCode: async (to) => {
      const deadline = AbortSignal.timeout(START_MS)
      while (!deadline.aborted) {
        const { body } = await get(`/mailbox/messages?to=${encodeURIComponent(to)}`)
        const code = CODE.exec(json<{ items: Array<{ subject: string }> }>(body).items[0]?.subject ?? '')?.[0]
        if (code) return code
        await sleep(20)
      }
      throw new Error(`no code for ${to} in the mailbox`)
    },
    exited: async () => await exited,
    signal: (name) => {
      child.kill(name)
    },
    kill9,
    restart: async () => {
      await kill9()
      launch()
      await answers('/health/live')
    },
    ready: async () => {
      await answers('/health/ready')
    }
  }
}

/** `fastify.inject` over HTTP: kept-alive connections, the source address as a proxy would tell it. Rejects without a whole answer. */
export function inject (port: number, agent: Agent = new Agent({ keepAlive: true, maxSockets: 256 })): Reachable {
  return {
    inject: async ({ method, url: path, remoteAddress, headers, payload }) => await new Promise((resolve, reject) => {
      const outgoing = request(
        { host: '127.0.0.1', port, method, path, agent, headers: { 'x-forwarded-for': remoteAddress, ...headers } },
        (incoming) => {
          let body = ''
          incoming.setEncoding('utf8').on('data', (chunk: string) => {
            body += chunk
          })
          incoming.once('error', reject).once('end', () => {
            resolve({ statusCode: incoming.statusCode ?? 0, headers: incoming.headers, body })
          })
        }
      )
      outgoing.once('error', reject).end(payload)
    })
  }
}

/** Signs a person up in the server process; another one when it had no time on a busy machine. */
export async function signUpThere (server: ServerProcess, smtp: TestSmtp, who: Person = person()) {
  for (;;) {
    const browser = server.browser()
    const registered = await browser.post('/auth/register', who)
    const otp = registered.status === 201 ? await smtp.code(who.email) : ''
    // Given up it would leave an address that leads to no account.
    const verified = otp ? await answerTo(async () => await browser.post('/auth/verify-otp', { otp })) : registered
    if (verified.status === 200) {
      const token = String(verified.body['accessToken'])
      browser.token = token
      return { who, browser, token, id: shaped<{ id: string }>(verified.body['user']).id }
    }
    if (verified.status !== 503 && verified.body['code'] !== 'CHALLENGE_INVALID') throw new Error(`${registered.text} ${verified.text}`)
    who = person()
  }
}

/** A browser that got as far as the code. */
export async function startLoginThere (
  server: ServerProcess,
  smtp: TestSmtp,
  { email, password }: Person
): Promise<{ browser: Browser; otp: string }> {
  const browser = server.browser()
  while ((await browser.post('/auth/login', { email, password })).status === 503) await sleep(100)
  return { browser, otp: await smtp.code(email) }
}

/** Signs a person in with password and code; anew when the answer was late, because the code may be used. */
export async function signInThere (
  server: ServerProcess,
  smtp: TestSmtp,
  { who }: { who: Person }
): Promise<{ browser: Browser; token: string }> {
  for (;;) {
    const { browser, otp } = await startLoginThere(server, smtp, who)
    const { status, body } = await browser.post('/auth/verify-otp', { otp })
    if (status === 200) return { browser, token: String(body['accessToken']) }
  }
}
