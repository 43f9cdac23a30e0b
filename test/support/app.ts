import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import Fastify, { type FastifyInstance } from 'fastify'
import root, { type Test } from 'tap'
import { newSigningKeys, readSigningKeys } from '../../src/platform/tokens/signing-keys.ts'
import { app, serverOptions } from '../../src/app.ts'
import type { AppOptions } from '../../src/app-options.ts'
import { loadConfig } from '../../src/platform/config/config.ts'
import { parseRedisUrl } from '../../src/platform/config/redis-target.ts'
import { logOptions } from '../../src/platform/logging/logging.ts'
import { createPasswordPool, type PasswordPool, QUEUE_PER_CORE } from '../../src/platform/passwords/pool.ts'
import { Browser, type BrowserOptions } from './browser.ts'
import { startRedis } from './redis.ts'
import { shaped } from './shapes.ts'
import { startSmtp } from './smtp.ts'

export type TestRedis = Awaited<ReturnType<typeof startRedis>>
export type TestSmtp = Awaited<ReturnType<typeof startSmtp>>

export interface TestApp {
  fastify: FastifyInstance
  /** The same from within, with everything that the plugins decorate it with. */
  inside: FastifyInstance
  redis: TestRedis
  smtp: TestSmtp
  /** Every log line so far. */
  logs: string[]
  browser: (options?: BrowserOptions) => Browser
  close: () => Promise<void>
}

export const SECRET = 'a test secret that is long enough: 0123456789'

interface Options {
  env?: Record<string, string>
  redis?: TestRedis
  smtp?: TestSmtp
  signingKeys?: string
  secret?: string
  /** One of its own, instead of the one that all applications of a test file share. */
  passwordPool?: PasswordPool
  /** Is given the server before the application is registered, to look on. */
  before?: (fastify: FastifyInstance) => void
}

const pools = new Map<number, PasswordPool>()
root.teardown(async () => { await Promise.all([...pools.values()].map(async (pool) => await pool.close())) })

/** One for all applications of a test file, as worker processes share one: its children take longer to start than most tests. */
function sharedPool (cost: number): PasswordPool {
  const pool = pools.get(cost) ?? createPasswordPool({ cost, queueLimit: availableParallelism() * QUEUE_PER_CORE })
  pools.set(cost, pool)
  return { ...pool, close: async () => {} }
}

/** The whole application as in production, on a Redis and an SMTP peer of this test. */
export async function startApp (
  t: Test,
  { env = {}, redis, smtp, signingKeys = newSigningKeys('test'), secret = SECRET, passwordPool, before }: Options = {}
): Promise<TestApp> {
  const ownRedis = redis ?? (await startRedis(t))
  const ownSmtp = smtp ?? (await startSmtp(t))
  const dataDir = mkdtempSync(join(tmpdir(), 'dvokrok-test-'))
  const config = loadConfig({
    BCRYPT_COST: '10',
    REDIS_URL: ownRedis.url,
    SMTP_URL: ownSmtp.url,
    MAIL_FROM: 'Dvokrok <server@example.org>',
    PUBLIC_URL: 'http://localhost:3000',
    DATA_DIR: dataDir,
    LIMIT_LOGIN_PER_SOURCE: '100000',
    LIMIT_REGISTER_PER_SOURCE: '100000',
    LIMIT_RESEND_PER_SOURCE: '100000',
    CAPTCHA_AFTER: '0',
    ...env
  })
  const logs: string[] = []
  const stream = new Writable({
    write: (chunk, _encoding, done) => {
      logs.push(...String(chunk).trimEnd().split('\n'))
      done()
    }
  })
  const pool = passwordPool ?? sharedPool(config.bcryptCost)
  const fastify = Fastify({ ...serverOptions(config), logger: { ...logOptions(config.logLevel), stream } })
  let isClosed = false
  const close = async (): Promise<void> => {
    if (isClosed) return
    isClosed = true
    await fastify.close()
    rmSync(dataDir, { recursive: true, force: true })
  }
  t.teardown(close)
  before?.(fastify)
  let inside: FastifyInstance = fastify
  await fastify.register(
    async (instance, options: AppOptions) => {
      inside = instance
      await app(instance, options)
    },
    {
      config,
      secret,
      signingKeys: readSigningKeys(signingKeys),
      redisTarget: parseRedisUrl(ownRedis.url),
      smtpUrl: ownSmtp.url,
      mailbox: null,
      passwordPool: pool
    }
  )
  // On a busy machine its children, of low priority, may take longer to start than a job may wait.
  await Promise.all([fastify.ready(), pool.ready()])
  return { fastify, inside, redis: ownRedis, smtp: ownSmtp, logs, browser: (options) => new Browser(fastify, options), close }
}

export interface Person { name: string, email: string, password: string }

export const person = (): Person => {
  const n = randomBytes(5).toString('hex')
  return { name: `Olena ${n}`, email: `olena.${n}@example.org`, password: `wooden-lantern-${n}-tide` }
}

/** A person with a confirmed account, signed in from `browser`. */
export async function signUp (server: TestApp, who: Person = person(), browser: Browser = server.browser()) {
  const answer = await browser.post('/auth/register', who)
  if (answer.status !== 201) throw new Error(`register: ${answer.status} ${answer.text}`)
  const verified = await browser.post('/auth/verify-otp', { otp: await server.smtp.code(who.email) })
  if (verified.status !== 200) throw new Error(`verify-otp: ${verified.status} ${verified.text}`)
  browser.token = String(verified.body['accessToken'])
  return { who, browser, answer, verified, token: browser.token, id: String(shaped<{ id: string }>(verified.body['user']).id) }
}

/** Password and mailed code from `browser`. */
export async function logIn (server: TestApp, who: Person, browser: Browser = server.browser()) {
  const answer = await browser.post('/auth/login', { email: who.email, password: who.password })
  if (answer.status !== 200) throw new Error(`login: ${answer.status} ${answer.text}`)
  const otp = await server.smtp.code(who.email)
  const verified = await browser.post('/auth/verify-otp', { otp })
  if (verified.status !== 200) throw new Error(`verify-otp: ${verified.status} ${verified.text}`)
  browser.token = String(verified.body['accessToken'])
  return { browser, answer, verified, otp, token: browser.token }
}

export const wrongCode = (right: string): string => right === '111111' ? '222222' : '111111'
