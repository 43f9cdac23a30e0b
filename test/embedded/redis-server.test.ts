import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import t, { type Test } from 'tap'
import { lockDataDir } from '../../src/embedded/data-dir.ts'
import { processIdentity } from '../../src/embedded/process-identity.ts'
import { startEmbeddedRedis, type EmbeddedRedis } from '../../src/embedded/redis-server.ts'
import { json } from '../support/shapes.ts'

const moduleUrl = (file: string) => JSON.stringify(new URL(`../../src/embedded/${file}`, import.meta.url).href)

function newDataDir (t: Test): string {
  const folder = mkdtempSync(join(tmpdir(), 'dvd-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

function newLockedDataDir (t: Test): string {
  const dataDir = newDataDir(t)
  lockDataDir(dataDir)
  return dataDir
}

async function start (t: Test, dataDir: string, said: string[] = []): Promise<{ redis: EmbeddedRedis, client: Redis }> {
  const redis = await startEmbeddedRedis({ dataDir, say: (line) => { said.push(line) } })
  const client = redis.url.startsWith('unix:') ? new Redis({ path: redis.url.slice(5), ...patient }) : new Redis(redis.url, patient)
  client.on('error', () => {})
  t.teardown(async () => {
    client.disconnect()
    await redis.stop()
  })
  return { redis, client }
}
const patient = { maxRetriesPerRequest: null, retryStrategy: () => 5 }

/** Another Node process that runs `code`; killed at the end of the test. */
function runNode (t: Test, code: string, env: NodeJS.ProcessEnv = {}): ChildProcess {
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', code], {
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'inherit']
  })
  t.teardown(() => child.kill('SIGKILL'))
  return child
}

async function lineOf ({ stdout }: ChildProcess): Promise<string> {
  if (stdout === null) throw new Error('no stdout')
  const line: IteratorResult<string, undefined> = await createInterface(stdout)[Symbol.asyncIterator]().next()
  return line.value ?? ''
}

async function killHard (child: ChildProcess): Promise<void> {
  child.kill('SIGKILL')
  await once(child, 'exit')
}

const isDeath = (line: string): boolean => /ended and is started again on the same data/.test(line)

async function untilGone (pid: number): Promise<void> {
  while (processIdentity(pid) !== undefined) await sleep(5)
}

/** A server that wrote `k`, and was killed so that only its Redis is left. */
async function leaveOrphan (t: Test, dataDir: string): Promise<{ pid: number, url: string }> {
  const server = runNode(t, `
    import { lockDataDir } from ${moduleUrl('data-dir.ts')}
    import { startEmbeddedRedis } from ${moduleUrl('redis-server.ts')}
    import { Redis } from 'ioredis'
    const dataDir = ${JSON.stringify(dataDir)}
    lockDataDir(dataDir)
    const redis = await startEmbeddedRedis({ dataDir, say: () => {} })
    await new Redis({ path: redis.url.slice(5) }).set('k', 'kept by the orphan')
    console.log(JSON.stringify({ pid: redis.pid, url: redis.url }))
  `)
  const orphan = json<{ pid: number, url: string }>(await lineOf(server))
  await killHard(server)
  t.teardown(() => { if (processIdentity(orphan.pid) !== undefined) process.kill(orphan.pid, 'SIGKILL') })
  return orphan
}

const stayLocked = (dataDir: string) => `
  import { lockDataDir } from ${moduleUrl('data-dir.ts')}
  process.stdin.resume().on('end', () => process.exit())
  try {
    lockDataDir(${JSON.stringify(dataDir)})
    console.log('held')
  } catch (error) {
    console.log(error.message)
  }`

t.test('data outlive a stop and a start, and a stop leaves nothing else behind', async (t) => {
  const dataDir = newLockedDataDir(t)
  const first = await start(t, dataDir)
  await first.client.set('k', 'v')
  await Promise.all([first.redis.stop(), first.redis.stop()])
  t.equal(processIdentity(first.redis.pid), undefined)
  t.notOk(existsSync(dirname(first.redis.url.slice(5))), 'no socket folder')
  t.strictSame(readdirSync(dataDir).filter((name) => !name.startsWith('lock.')), ['redis'])

  const second = await start(t, dataDir)
  t.equal(await second.client.get('k'), 'v')
})

t.test('every change is on disk before the answer, nothing is evicted, nobody else can connect', async (t) => {
  const dataDir = newLockedDataDir(t)
  const { redis, client } = await start(t, dataDir)
  for (const [name, value] of Object.entries({
    appendonly: 'yes',
    appendfsync: 'always',
    'maxmemory-policy': 'noeviction',
    save: '',
    port: '0',
    'aof-load-truncated': 'yes',
    'stream-node-max-bytes': '512'
  })) {
    t.strictSame(await client.config('GET', name), [name, value])
  }
  t.equal(statSync(dirname(redis.url.slice(5))).mode & 0o777, 0o700)
  t.equal(statSync(join(dataDir, 'redis')).mode & 0o777, 0o700)
  t.equal(statSync(join(dataDir, 'redis.json')).mode & 0o777, 0o600)
  t.doesNotThrow(() => process.kill(-redis.pid, 0), 'it leads a process group of its own, which Ctrl-C does not reach')
})

t.test('a Redis killed with -9 is back on the same address with its data, every time', async (t) => {
  const said: string[] = []
  const { redis, client } = await start(t, newLockedDataDir(t), said)
  const { url } = redis
  for (const round of ['1', '2', '3']) {
    const { pid } = redis
    await client.set('round', round)
    process.kill(pid, 'SIGKILL')
    await untilGone(pid)
    t.equal(await client.get('round'), round)
    t.not(redis.pid, pid)
  }
  t.equal(redis.url, url)
  t.ok(said.some(isDeath), 'the operator is told')
})

t.test('a stop right after a death starts nothing again', async (t) => {
  const dataDir = newLockedDataDir(t)
  const said: string[] = []
  const { redis } = await start(t, dataDir, said)
  process.kill(redis.pid, 'SIGKILL')
  while (!said.some(isDeath)) await sleep(5)
  await redis.stop()
  t.equal(processIdentity(redis.pid), undefined)
  t.notOk(existsSync(join(dataDir, 'redis.json')))
})

t.test('a log that ends in the middle of a command loads up to there', async (t) => {
  const dataDir = newLockedDataDir(t)
  const first = await start(t, dataDir)
  await first.client.set('k', 'v')
  await first.redis.stop()
  const logs = join(dataDir, 'redis', 'appendonlydir')
  const log = readdirSync(logs).find((name) => name.endsWith('.incr.aof')) ?? ''
  appendFileSync(join(logs, log), '*3\r\n$3\r\nSET\r\n$4\r\nha')
  const second = await start(t, dataDir)
  t.strictSame(await second.client.keys('*'), ['k'])
})

t.test('a Redis that cannot start is told with its last words, and nothing stays behind', async (t) => {
  const dataDir = newLockedDataDir(t)
  const { redis } = await start(t, dataDir)
  await redis.stop()
  writeFileSync(join(dataDir, 'redis', 'appendonlydir', 'appendonly.aof.manifest'), 'nonsense\n')
  await t.rejects(startEmbeddedRedis({ dataDir, say: () => {} }), { message: /did not start[^]*manifest/i })
  t.notOk(existsSync(join(dataDir, 'redis.json')))
})

t.test('where a socket path would be too long, it is a loopback port with a password that `ps` does not show', async (t) => {
  const before = process.env['TMPDIR']
  t.teardown(() => { if (before === undefined) delete process.env['TMPDIR']; else process.env['TMPDIR'] = before })
  const dataDir = newLockedDataDir(t)
  process.env['TMPDIR'] = mkdtempSync(join(dataDir, 'x'.repeat(100)))
  const { redis, client } = await start(t, dataDir)
  const { hostname, port, password } = new URL(redis.url)
  t.equal(hostname, '127.0.0.1')
  t.strictSame(await client.config('GET', 'bind'), ['bind', '127.0.0.1'])
  const stranger = new Redis(Number(port), hostname)
  t.teardown(() => { stranger.disconnect() })
  await t.rejects(stranger.get('k'), { message: /NOAUTH/ })
  t.ok(password.length >= 32)
  const arguments_ = spawn('ps', ['-o', 'args=', '-p', `${redis.pid}`])
  t.notMatch(await lineOf(arguments_), password)
  t.equal(statSync(join(dataDir, 'redis.conf')).mode & 0o777, 0o600)

  await client.set('k', 'v')
  const { pid } = redis
  process.kill(pid, 'SIGKILL')
  await untilGone(pid)
  t.equal(await client.get('k'), 'v', 'back on the same port with the same password')
})

t.test('the Redis that a killed server left behind is stopped at the next start, and the data are there', async (t) => {
  const dataDir = newDataDir(t)
  const orphan = await leaveOrphan(t, dataDir)
  t.ok(processIdentity(orphan.pid), 'it outlived its server')
  lockDataDir(dataDir)
  const said: string[] = []
  const { client } = await start(t, dataDir, said)
  t.equal(processIdentity(orphan.pid), undefined)
  t.notOk(existsSync(dirname(orphan.url.slice(5))), 'its socket folder is gone')
  t.equal(await client.get('k'), 'kept by the orphan')
  t.match(said.join('\n'), new RegExp(`process ${orphan.pid}`))
})

t.test('an orphan that does not answer any more is stopped, too', async (t) => {
  const dataDir = newDataDir(t)
  const orphan = await leaveOrphan(t, dataDir)
  rmSync(dirname(orphan.url.slice(5)), { recursive: true })
  lockDataDir(dataDir)
  const { client } = await start(t, dataDir)
  t.equal(processIdentity(orphan.pid), undefined)
  t.equal(await client.get('k'), 'kept by the orphan')
})

t.test('an orphan that its server had not yet noted the pid of is found by its address', async (t) => {
  const dataDir = newDataDir(t)
  const orphan = await leaveOrphan(t, dataDir)
  writeFileSync(join(dataDir, 'redis.json'), JSON.stringify({ url: orphan.url }))
  lockDataDir(dataDir)
  await start(t, dataDir)
  t.equal(processIdentity(orphan.pid), undefined)
})

t.test('a stranger that got the pid of a dead Redis is left alone', async (t) => {
  const dataDir = newLockedDataDir(t)
  const stranger = runNode(t, 'process.stdin.resume()')
  writeFileSync(join(dataDir, 'redis.json'), JSON.stringify({ url: 'unix:/tmp/dvokrok-none/s', pid: stranger.pid, identity: '1-other' }))
  await start(t, dataDir)
  t.ok(processIdentity(stranger.pid ?? 0))
})

t.test('a server that ends without stopping its Redis takes it along', async (t) => {
  const dataDir = newDataDir(t)
  const server = runNode(t, `
    import { lockDataDir } from ${moduleUrl('data-dir.ts')}
    import { startEmbeddedRedis } from ${moduleUrl('redis-server.ts')}
    lockDataDir(${JSON.stringify(dataDir)})
    const redis = await startEmbeddedRedis({ dataDir: ${JSON.stringify(dataDir)}, say: () => {} })
    console.log(redis.pid)
    process.stdin.resume().on('end', () => process.exit(1))
  `)
  const pid = Number(await lineOf(server))
  server.stdin?.end()
  await once(server, 'exit')
  await untilGone(pid)
  lockDataDir(dataDir)
  const said: string[] = []
  await start(t, dataDir, said)
  t.strictSame(said, [], 'the next start finds no orphan')
})

t.test('no Redis starts in a folder that is not locked: it could belong to a running server', async (t) => {
  await t.rejects(startEmbeddedRedis({ dataDir: newDataDir(t), say: () => {} }), { message: /must be locked/ })
})

t.test('a second server on one DATA_DIR is refused and told who holds it and what to do', async (t) => {
  const dataDir = join(newDataDir(t), 'made', 'for', 'it')
  const holder = runNode(t, stayLocked(dataDir))
  t.equal(await lineOf(holder), 'held')
  t.equal(statSync(dataDir).mode & 0o777, 0o700)
  t.throws(() => lockDataDir(dataDir), {
    message: new RegExp(`in use by the server with process id ${holder.pid}.*kill ${holder.pid}.*DATA_DIR`)
  })

  await killHard(holder)
  const lock = lockDataDir(dataDir)
  t.equal(readdirSync(dataDir).length, 1, 'the lock of the dead one is gone')
  t.throws(() => lockDataDir(dataDir), { message: new RegExp(`process id ${process.pid}`) }, 'nor twice in one process')
  lock.release()
  lockDataDir(dataDir).release()
})

t.test('a lock is stale when its pid belongs to another process now', async (t) => {
  const dataDir = newDataDir(t)
  writeFileSync(join(dataDir, `lock.${process.ppid}.1-other`), '')
  t.doesNotThrow(() => lockDataDir(dataDir))
})

t.test('of servers that start together exactly one gets the DATA_DIR, stale lock or not', async (t) => {
  const dataDir = newDataDir(t)
  writeFileSync(join(dataDir, 'lock.1.1-other'), '')
  const answers = await Promise.all(['a', 'b', 'c', 'd'].map(async () => await lineOf(runNode(t, stayLocked(dataDir)))))
  t.equal(answers.filter((answer) => answer === 'held').length, 1, answers.join('\n'))
})

const find = `
  import { findRedisServer } from ${moduleUrl('find-redis.ts')}
  console.log(JSON.stringify(await findRedisServer((line) => console.log(line)).catch((error) => error.message)))`

t.test('without a Redis, and no way to install one here, one message names every way', async (t) => {
  const answer = await lineOf(runNode(t, find, { PATH: newDataDir(t) }))
  for (const way of ['apt-get install redis-server', 'brew install redis', 'docker compose up', 'REDIS_URL']) t.match(answer, way)
})

t.test('a Redis too old for us is named, and not replaced', async (t) => {
  const folder = newDataDir(t)
  writeFileSync(join(folder, 'redis-server'), '#!/bin/sh\necho "Redis server v=6.0.16 sha=00000000:0 malloc=jemalloc-5.2.1 bits=64"\n')
  chmodSync(join(folder, 'redis-server'), 0o755)
  t.match(await lineOf(runNode(t, find, { PATH: folder })), /redis-server on PATH is 6\.0\.16, too old/)
})
