import type { ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Redis } from 'ioredis'
import type { Test } from 'tap'
import { runningRedisUrl } from '../../../src/embedded/redis-orphan.ts'
import { ageRecords } from '../../support/age-records.ts'
import { startProgram } from '../../support/program.ts'
import { shaped } from '../../support/shapes.ts'

interface MailItem { subject: string, text: string }

export interface Product {
  base: string
  dataDir: string
  mails: (to: string) => Promise<MailItem[]>
  /** Resolves when there is a mail to this address, beside those that were there `before`, whose subject matches. */
  mailed: (to: string, subject: RegExp, before?: number) => Promise<void>
  /** The code of the newest mail to this address that is not `before`; waits for it. */
  code: (to: string, before?: string) => Promise<string>
  /** Time passes for everything that is stored. */
  age: (seconds: number) => Promise<void>
  /** Redis stops answering, and comes back. */
  pauseRedis: () => void
  resumeRedis: () => void
  post: (path: string, body: unknown, headers?: Record<string, string>) => Promise<Response>
  /** A command of the operator, beside the running server. */
  command: (...words: string[]) => Promise<void>
}

const SERVER = fileURLToPath(new URL('../../../dist/src/server.js', import.meta.url))
const COMMAND = fileURLToPath(new URL('../../../dist/src/dvokrok.js', import.meta.url))
const LOOK_AGAIN_MS = 50

/** The built server as `npm start` runs it: its own Redis and the local mailbox. */
export async function startProduct (t: Test, env: Record<string, string> = {}): Promise<Product> {
  const dataDir = mkdtempSync(join(tmpdir(), 'dvokrok-web-'))
  const port = await freePort()
  const base = `http://localhost:${port}`
  const server = startProgram([SERVER], {
    PORT: String(port),
    DATA_DIR: dataDir,
    BCRYPT_COST: '10',
    CAPTCHA_AFTER: '0',
    LOG_LEVEL: 'info',
    LIMIT_LOGIN_PER_SOURCE: '10000',
    LIMIT_REGISTER_PER_SOURCE: '10000',
    LIMIT_RESEND_PER_SOURCE: '10000',
    LIMIT_MAILS_PER_ADDRESS_HOUR: '1000',
    LIMIT_MAILS_PER_ADDRESS_DAY: '1000',
    ...env
  })
  server.stdin.end()
  server.stderr.pipe(process.stderr)
  await listening(server)
  const redisUrl = runningRedisUrl(dataDir)
  if (redisUrl === undefined) throw new Error('the server runs without its Redis')
  const redis = new Redis(redisUrl.replace(/^unix:(\/\/)?/, ''), { maxRetriesPerRequest: null })
  redis.on('error', () => {})
  const info = await redis.info('server')
  const redisPid = Number(/process_id:(\d+)/.exec(info)?.[1])

  t.teardown(async () => {
    redis.disconnect()
    process.kill(redisPid, 'SIGCONT')
    server.kill('SIGTERM')
    if (server.exitCode === null) await once(server, 'exit')
    rmSync(dataDir, { recursive: true, force: true })
  })

  const mails = async (to: string): Promise<MailItem[]> => {
    const answer = await fetch(`${base}/mailbox/messages?to=${encodeURIComponent(to)}`)
    return shaped<{ items: MailItem[] }>(await answer.json()).items
  }
  return {
    base,
    dataDir,
    mails,
    mailed: async (to, subject, before = 0) => {
      // The newest come first. The mailbox can only be asked: it tells nobody of a mail.
      while (!(await mails(to)).slice(0, -before || undefined).some((mail) => subject.test(mail.subject))) await sleep(LOOK_AGAIN_MS)
    },
    code: async (to, before) => {
      for (;;) {
        const codes = (await mails(to)).map(({ subject }) => /^(\d{6})\b/.exec(subject)?.[1]).filter((code) => code !== undefined)
        if (codes[0] !== undefined && codes[0] !== before) return codes[0]
        await sleep(LOOK_AGAIN_MS)
      }
    },
    age: async (seconds) => {
      await ageRecords(redis, '*', seconds * 1000)
    },
    pauseRedis: () => {
      process.kill(redisPid, 'SIGSTOP')
    },
    resumeRedis: () => {
      process.kill(redisPid, 'SIGCONT')
    },
    post: async (path, body, headers = {}) =>
      await fetch(base + path, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) }),
    command: async (...words) => {
      const command = startProgram([COMMAND, ...words], { DATA_DIR: dataDir, PORT: String(port) })
      const [code] = shaped<[number]>(await once(command, 'exit'))
      if (code !== 0) throw new Error(`dvokrok ${words.join(' ')} ended with ${code}`)
    }
  }
}

async function listening (server: ChildProcess): Promise<void> {
  const { stdout } = server
  if (!stdout) throw new Error('no output to wait for')
  let said = ''
  await new Promise<void>((resolve, reject) => {
    stdout.on('data', (chunk: Buffer) => {
      said += String(chunk)
      if (said.includes('Dvokrok answers at')) resolve()
    })
    server.once('exit', (code) => { reject(new Error(`the server ended with ${String(code)} instead of starting: ${said}`)) })
  })
}

export async function freePort (): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  return typeof address === 'object' && address ? address.port : 0
}

export interface Person { name: string, email: string, password: string }

export const person = (): Person => {
  const n = randomBytes(4).toString('hex')
  return { name: 'Olena', email: `olena.${n}@example.org`, password: `wooden-lantern-${n}` }
}

export const otherCode = (right: string, at = 0): string =>
  ['111111', '222222', '333333', '444444', '555555', '666666'].filter((code) => code !== right)[at] ?? ''
