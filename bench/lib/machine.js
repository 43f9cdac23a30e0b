import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { Redis } from 'ioredis'
import { newSigningKeys } from '../../dist/src/platform/tokens/signing-keys.js'
import { findRedisServer } from '../../dist/src/embedded/find-redis.js'

export const SECRET = 'the secret of a benchmark that everybody knows: 0123456789'
const START_MS = 60_000
const TICKS_PER_SECOND = 100
const root = new URL('../../', import.meta.url).pathname

/** One temporary folder and everything that runs in it; `close` ends it all. */
export function createMachine () {
  const folder = mkdtempSync(join(tmpdir(), 'dvb-'))
  const closers = []
  const signingKeysPath = join(folder, 'keys.json')
  writeFileSync(signingKeysPath, newSigningKeys('bench'))

  function launch (name, command, args, { env = {}, cwd = folder } = {}) {
    const log = openSync(join(folder, `${name}.log`), 'a')
    const { PATH = '', HOME = '' } = process.env
    const child = spawn(command, args, { cwd, env: { PATH, HOME, TMPDIR: tmpdir(), ...env }, stdio: ['ignore', log, log] })
    closeSync(log)
    const end = async (signal = 'SIGTERM') => {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill(signal)
      await once(child, 'exit')
    }
    closers.push(end)
    return { name, pid: child.pid, child, end, output: () => readFileSync(join(folder, `${name}.log`), 'utf8') }
  }

  async function answering (process, url, startedAt = performance.now()) {
    while (!await fetch(url).then(({ status }) => status === 200, () => false)) {
      if (process.child.exitCode !== null || performance.now() - startedAt > START_MS) {
        throw new Error(`${process.name} does not answer:\n${process.output()}`)
      }
      await sleep(5)
    }
    return performance.now() - startedAt
  }

  // Limits are out of the way: all load comes from one source, and one service.
  const settings = (redis) => ({
    NODE_ENV: 'production',
    PUBLIC_URL: 'http://localhost:3000',
    REDIS_URL: `unix:${redis.path}`,
    SMTP_URL: 'smtp://127.0.0.1:9',
    MAIL_FROM: 'bench@example.org',
    SECRET,
    SIGNING_KEYS: signingKeysPath,
    DATA_DIR: folder,
    ACCESS_TOKEN_TTL_MINUTES: '60',
    LIMIT_LOGIN_PER_SOURCE: '1000000',
    LIMIT_PER_SERVICE_KEY: '100000000',
    CAPTCHA_AFTER: '0'
  })

  return {
    folder,
    signingKeysPath,

    /** A private redis-server on a socket, kept as the product's own is: AOF, synced always. */
    async redis (name = 'redis') {
      const path = join(folder, `${name}.sock`)
      const files = ['--unixsocket', path, '--dir', folder, '--appenddirname', `${name}-aof`, '--dbfilename', `${name}.rdb`]
      const durability = ['--appendonly', 'yes', '--appendfsync', 'always', '--save', '']
      const memory = ['--maxmemory-policy', 'noeviction', '--stream-node-max-bytes', '512']
      const process = launch(name, await findRedisServer(() => {}), ['--port', '0', ...files, ...durability, ...memory])
      const client = new Redis({ path, retryStrategy: () => 10, maxRetriesPerRequest: null })
      client.on('error', () => {})
      await client.ping()
      closers.push(() => client.disconnect())
      return { ...process, path, client }
    },

    /** The built server, as `npm start` runs it. */
    async server (redis, env = {}, name = 'server', nodeArgs = []) {
      const port = Number(env.PORT ?? await freePort())
      const startedAt = performance.now()
      const process = launch(name, globalThis.process.execPath, [...nodeArgs, join(root, 'dist/src/server.js')], {
        env: { ...settings(redis), PORT: String(port), ...env }
      })
      const startMs = await answering(process, `http://127.0.0.1:${port}/health/live`, startedAt)
      return { ...process, url: `http://127.0.0.1:${port}`, port, startMs }
    },

    /** A command of ours, to its end. */
    async command (redis, ...words) {
      await promisify(execFile)(globalThis.process.execPath, [join(root, 'dist/src/dvokrok.js'), ...words], {
        cwd: folder, env: { ...globalThis.process.env, ...settings(redis) }
      })
    },

    /** A peer of bench/peers, with the same Redis. */
    async peer (name, redis, env = {}) {
      const port = await freePort()
      const process = launch(`peer-${name}`, globalThis.process.execPath, [join(root, 'bench/peers', name, 'server.js')], {
        env: { NODE_ENV: 'production', PORT: String(port), REDIS_PATH: redis.path, ...env }
      })
      await answering(process, `http://127.0.0.1:${port}/`)
      return { ...process, url: `http://127.0.0.1:${port}`, port }
    },

    async close () {
      for (const closer of closers.reverse()) await closer()
      rmSync(folder, { recursive: true, force: true })
    }
  }
}

/** Seconds of processor time that a process has used; NaN where the system does not tell. */
export function cpuSeconds (pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ')
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND
  } catch {
    return NaN
  }
}

/** Megabytes of memory that a process holds. */
export function residentMb (pid) {
  try {
    return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024
  } catch {
    return NaN
  }
}

export async function freePort () {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  await once(server, 'close')
  return port
}
