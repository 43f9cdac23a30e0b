import { execFile } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t, { type Test } from 'tap'
import { keys } from '../../../src/platform/redis/keys.ts'
import { createRdbCheck } from '../../../src/tools/backup/rdb-check.ts'
import { survivesRestore } from '../../../src/tools/backup/copy.ts'
import { person } from '../../support/app.ts'
import { refusalOf } from '../../support/observe.ts'
import { builtProgram, freePort, newFolder, type ServerProcess, settings, signUpThere, startServer } from '../../support/process.ts'
import { DURABLE, type RedisNode, startNode } from '../../support/redis-node.ts'
import { isCluster } from '../../support/redis.ts'
import { shaped } from '../../support/shapes.ts'
import { startSmtp } from '../../support/smtp.ts'

t.setTimeout(300_000)

interface Said { code: number, out: string, err: string }

async function dvokrok (args: string[], env: Record<string, string>, cwd: string): Promise<Said> {
  const program = await builtProgram('dvokrok.js')
  return await new Promise((resolve) => {
    execFile(process.execPath, [program, ...args], { env: { PATH: process.env['PATH'], ...env }, cwd }, (error, out, err) => {
      resolve({ code: Number(error?.code ?? 0), out, err })
    })
  })
}

async function startOne (t: Test, options: string[] = []): Promise<RedisNode> {
  // A copy begins at once, not after the five seconds in which Redis would wait for more replicas.
  const node = await startNode([...DURABLE, '--repl-diskless-sync-delay', '0', ...options], { on: 'port' })
  t.teardown(node.dispose)
  return node
}

/** The port is part of who issued a token, so it stays. */
const fixedSettings = async (...given: Parameters<typeof settings>): Promise<Record<string, string>> =>
  ({ ...settings(...given), PORT: `${await freePort()}` })

const folderOf = async (node: RedisNode): Promise<string> => (await node.client.config('GET', 'dir'))[1] ?? ''
const hostOf = (node: RedisNode): string => `127.0.0.1:${node.port}`

/** Password and mailed code, in a local mailbox or by `codeOf`. */
async function signIn (server: ServerProcess, { email, password }: { email: string, password: string }, codeOf: () => Promise<string>) {
  const browser = server.browser()
  await browser.post('/auth/login', { email, password })
  return await browser.post('/auth/verify-otp', { otp: await codeOf() })
}

async function stop (server: ServerProcess): Promise<void> {
  server.signal('SIGTERM')
  await server.exited()
}

t.test('an own Redis with appendonly yes comes back from a snapshot, from its append-only log, and from a Redis that has read either',
  { skip: isCluster }, async (t) => {
    const [first, smtp, cwd] = [await startOne(t), await startSmtp(t), newFolder(t)]
    mkdirSync(cwd, { recursive: true })
    const env = await fixedSettings(t, first, smtp)
    const server = await startServer(t, env)
    await server.ready()
    const { who, browser, token } = await signUpThere(server, smtp)
    const ended = await signUpThere(server, smtp)

    const written = await dvokrok(['backup', 'backup.rdb'], env, cwd)
    t.match(written, { code: 0, out: /^backup\.rdb is written: .* for this user alone\. Its checksum is right/ }, written.err)
    t.match(written.out, /It holds 2 accounts and 0 authenticators, as of 2\d{3}-.*, from 127\.0\.0\.1:\d+\.\nIt needs the secret with the/)
    t.match(written.out, /- SECRET, as it is set here\n- the signing keys: .*signing-keys\.json/)
    t.notMatch(written.out, String(env['SECRET']))
    t.equal(statSync(join(cwd, 'backup.rdb')).mode & 0o777, 0o600)
    t.strictSame(readdirSync(cwd), ['backup.rdb'])
    t.match(await dvokrok(['backup', 'backup.rdb'], env, cwd), { code: 1, err: /backup\.rdb is there already and is not overwritten/ })
    t.equal((await server.browser().get('/health/ready')).status, 200, 'the server went on meanwhile')
    await first.client.bgrewriteaof()

    // Ended after the backup, so it must not live on.
    t.equal((await ended.browser.post('/auth/logout', undefined, { token: ended.token })).status, 204)
    await stop(server)
    const log = join(cwd, 'copied')
    cpSync(join(await folderOf(first), 'appendonlydir'), log, { recursive: true })
    const snapshotHolder = await startOne(t, ['--appendonly', 'no'])
    const holderFolder = await folderOf(snapshotHolder)
    await snapshotHolder.kill9()
    cpSync(join(cwd, 'backup.rdb'), join(holderFolder, 'dump.rdb'))
    await snapshotHolder.restart()

    t.match(await dvokrok(['restore', '--check', 'backup.rdb'], env, cwd), {
      code: 0, out: /^The backup holds 2 accounts .*\nIt needs .*\(SECRET\)\.\nIt can be read and restored\. Nothing was changed\.\n$/
    })
    for (const source of ['backup.rdb', 'copied', snapshotHolder.url]) {
      const target = await startOne(t)
      const restored = { ...env, REDIS_URL: target.url }
      const said = await dvokrok(['restore', source], restored, cwd)
      t.match(said, { code: 0, out: /2 accounts of the backup are in 127\.0\.0\.1:\d+ now, and the secret opens/ }, `${source} ${said.err}`)
      t.match(said.out, 'Next: start the servers, and run dvokrok doctor.')
      // With its data on disk, not in memory alone.
      await target.kill9()
      await target.restart()
      const again = await startServer(t, restored)
      await again.ready()
      t.strictSame(again.events('redis.empty'), [])
      const carried = again.browser()
      for (const [name, value] of browser.cookies) carried.cookies.set(name, value)
      t.strictSame(refusalOf(await carried.get('/auth/me', { token })), [401, 'SESSION_ENDED'], 'who was signed in then is not now')
      t.equal((await carried.post('/auth/refresh')).status, 401)
      t.equal((await again.browser().get('/auth/me', { token: ended.token })).status, 401)
      const answer = await signIn(again, who, async () => await smtp.code(who.email))
      t.equal(answer.status, 200, answer.text)
      await stop(again)
    }
    t.strictSame(readdirSync(cwd).toSorted(), ['backup.rdb', 'copied'], 'nothing else is left')
  })

t.test('DATA_DIR comes back from a backup with its secret, and never while a server uses it', { skip: isCluster }, async (t) => {
  const cwd = newFolder(t)
  mkdirSync(cwd, { recursive: true })
  const env = { PORT: `${await freePort()}` }
  const server = await startServer(t, env, { cwd })
  const who = person()
  const browser = server.browser()
  await browser.post('/auth/register', who)
  const signedUp = await browser.post('/auth/verify-otp', { otp: await server.mailboxCode(who.email) })
  t.equal(signedUp.status, 200)
  t.strictSame(server.events('redis.empty'), [], 'a first start is none to warn of')
  t.match(await dvokrok(['backup', 'b.rdb'], {}, cwd), { code: 0, out: /It holds 1 account and/ })
  t.match(await dvokrok(['restore', 'b.rdb'], {}, cwd), { code: 1, err: /DATA_DIR .* is in use by the server with process id \d+/ })
  await stop(server)

  t.match(await dvokrok(['restore', 'b.rdb'], {}, cwd), { code: 1, err: /holds 1 account, so nothing was changed\. .*--force .*\.data / })
  t.match(await dvokrok(['restore', '--force', join(cwd, 'other'), 'b.rdb'], {}, cwd), { code: 1, err: /so nothing was changed/ })
  const data = join(cwd, '.data')
  renameSync(data, `${data}.lost`)
  t.match(await dvokrok(['restore', 'b.rdb'], {}, cwd), { code: 1, err: /There is no secret, .* put .*secret back/ })
  t.notOk(existsSync(data), 'and no new one was made')
  mkdirSync(data, { mode: 0o700 })
  writeFileSync(join(data, 'secret'), 'another secret that is quite long enough')
  t.match(await dvokrok(['restore', 'b.rdb'], {}, cwd), { code: 1, err: /under another secret \(key id \S{4}; the one here is \S{4}\)/ })
  t.strictSame(readdirSync(data), ['secret'])
  for (const file of ['secret', 'signing-keys.json']) cpSync(join(`${data}.lost`, file), join(data, file))
  const restored = await dvokrok(['restore', 'b.rdb'], {}, cwd)
  t.match(restored, { code: 0, out: /1 account of the backup are in .*\.data now/ }, restored.err)
  // And from the append-only log of the whole folder, in the place of what is there.
  const force = await dvokrok(['restore', '--force', data, `${data}.lost`], {}, cwd)
  t.match(force, { code: 0, out: /1 account of the backup are in/ }, force.err)

  const again = await startServer(t, env, { cwd })
  const token = String(signedUp.body['accessToken'])
  t.strictSame(refusalOf(await again.browser().get('/auth/me', { token })), [401, 'SESSION_ENDED'])
  t.equal((await signIn(again, who, async () => await again.mailboxCode(who.email))).status, 200)
  await stop(again)

  rmSync(join(data, 'redis'), { recursive: true })
  const lost = await startServer(t, env, { cwd })
  t.match((await lost.logged('redis.empty'))['msg'], /no data of ours, but there was a secret before .* dvokrok restore puts a backup/)
  await lost.kill9()
})

t.test('a Redis that servers use or that holds accounts is not restored into, and only our data are', { skip: isCluster }, async (t) => {
  const [redis, other, smtp, cwd] = [await startOne(t), await startOne(t), await startSmtp(t), newFolder(t)]
  mkdirSync(cwd, { recursive: true })
  const env = await fixedSettings(t, redis, smtp)
  t.match(await dvokrok(['backup', 'b.rdb'], env, cwd), { code: 1, err: /holds nothing of Dvokrok, so nothing was written/ })
  t.strictSame(readdirSync(cwd), [])
  const server = await startServer(t, env)
  await server.ready()
  t.match((await server.logged('redis.empty'))['msg'], /holds no data of ours/)
  const { id } = await signUpThere(server, smtp)
  t.equal((await dvokrok(['backup', 'b.rdb'], env, cwd)).code, 0)
  const elsewhere = { ...env, DATA_DIR: newFolder(t) }
  const busy = await dvokrok(['restore', '--force', hostOf(redis), 'b.rdb'], elsewhere, cwd)
  t.match(busy, { code: 1, err: /A server uses 127\.0\.0\.1:\d+ \(it is connected from .*\)\. Stop all servers first/ })
  await stop(server)

  await redis.client.set('neighbour', 'stays')
  await redis.client.set(keys.account(id).notice('x'), 'written after the backup')
  t.match(await dvokrok(['restore', 'b.rdb'], env, cwd), { code: 1, err: new RegExp(`--force ${hostOf(redis)} `) })
  t.equal(await redis.client.get(keys.account(id).notice('x')), 'written after the backup')
  t.match(await dvokrok(['restore', '--force', hostOf(redis), 'b.rdb'], env, cwd), { code: 0 })
  t.strictSame([await redis.client.get('neighbour'), await redis.client.exists(keys.account(id).notice('x'))], ['stays', 0])

  await other.client.set('something', 'else')
  writeFileSync(join(cwd, 'broken.rdb'), readFileSync(join(cwd, 'b.rdb')).subarray(0, -20))
  t.match(await dvokrok(['restore', other.url], env, cwd), { code: 1, err: /holds nothing of Dvokrok/ })
  t.match(await dvokrok(['restore', 'broken.rdb'], env, cwd), { code: 1, err: /broken\.rdb cannot be read by the redis-server/ })
  t.match(await dvokrok(['restore', 'none.rdb'], env, cwd), { code: 1, err: /There is no .*none\.rdb/ })
  t.match(await dvokrok(['restore'], env, cwd), { code: 2, err: /Name the backup\.[^]*Examples:/ })
  t.equal(await redis.client.exists(keys.account(id).record), 1, 'refusals change nothing')

  // As after a restore that was interrupted.
  await redis.client.del(keys.addressKey)
  const careless = await startServer(t, env, { wait: false })
  t.equal(await careless.exited(), 1)
  t.match(careless.output(), /Redis holds accounts, but not the key of their addresses/)
  t.equal(await redis.client.exists(keys.addressKey), 0)
})

t.test('a snapshot put back by hand as the documents say is read by a Redis with appendonly yes', { skip: isCluster }, async (t) => {
  const [old, smtp, cwd] = [await startOne(t), await startSmtp(t), newFolder(t)]
  mkdirSync(cwd, { recursive: true })
  const env = await fixedSettings(t, old, smtp)
  const server = await startServer(t, env)
  await server.ready()
  const { who, token } = await signUpThere(server, smtp)
  t.equal((await dvokrok(['backup', 'dump.rdb'], env, cwd)).code, 0)
  await stop(server)

  // The steps of docs/operations.md, "By hand".
  const folder = newFolder(t)
  mkdirSync(folder, { recursive: true })
  cpSync(join(cwd, 'dump.rdb'), join(folder, 'dump.rdb'))
  const port = await freePort()
  const redis = (...args: string[]) => promisify(execFile)('redis-cli', ['-p', `${port}`, ...args])
  const steps = /```\n(redis-server --appendonly no[^]*?)```/.exec(readFileSync('docs/operations.md', 'utf8'))?.[1] ?? ''
  t.match(steps, 'redis-cli config set appendonly yes')
  const script = steps.replaceAll('redis-cli', `redis-cli -p ${port}`).replaceAll('redis-server', `redis-server --port ${port}`)
    .replaceAll('/var/lib/redis', folder)
  await promisify(execFile)('sh', ['-ec', script])
  t.strictSame(readdirSync(folder).includes('appendonlydir'), true)
  await promisify(execFile)('redis-server', [
    '--port', `${port}`, '--dir', folder, '--appendonly', 'yes', '--appendfsync', 'always', '--save', '', '--daemonize', 'yes'
  ])
  t.teardown(async () => { await redis('shutdown', 'nosave').catch(() => {}) })
  const epoch = { ...env, REDIS_URL: `redis://127.0.0.1:${port}`, SESSION_EPOCH: new Date().toISOString() }
  const again = await startServer(t, epoch)
  await again.ready()
  t.strictSame(refusalOf(await again.browser().get('/auth/me', { token })), [401, 'SESSION_ENDED'])
  t.equal((await signIn(again, who, async () => await smtp.code(who.email))).status, 200)
})

t.test('every kind of key survives a restore or is over with it, as it must', async (t) => {
  const over = ['session', 'sessions', 'attempt', 'attempts', 'trustedBrowser', 'trustedBrowsers', 'totpPending', 'idempotency']
  const overOfAll = ['captcha', 'ready', 'limits', 'builds', 'assets', 'mail']
  const named = (group: object) => Object.entries(group).map(([name, key]) =>
    [name, typeof key === 'function' ? shaped<(part: unknown) => string>(key)('7') : String(key)] as const)
  for (const group of [keys.account('x'), keys.address('x')]) {
    for (const [name, key] of named(group)) t.equal(survivesRestore(key), !over.includes(name), key)
  }
  const { account: _account, address: _address, source, ...rest } = keys
  t.equal(survivesRestore(source('x').pressure), false)
  for (const [name, key] of named(rest)) t.equal(survivesRestore(key), !overOfAll.includes(name), key)
})

t.test('a snapshot is known by its checksum, in pieces of any size', async (t) => {
  const folder = newFolder(t)
  mkdirSync(folder, { recursive: true })
  const node = await startOne(t, ['--appendonly', 'no'])
  await node.client.set('a', 'b'.repeat(300))
  await node.client.save()
  const whole = readFileSync(join(await folderOf(node), 'dump.rdb'))
  const judge = (bytes: Buffer, size: number): string | null => {
    const check = createRdbCheck()
    for (let at = 0; at < bytes.length; at += size) check.take(bytes.subarray(at, at + size))
    return check.problem()
  }
  for (const size of [1, 3, 8, 9, 10, 64, whole.length]) t.equal(judge(whole, size), null, `in pieces of ${size}`)
  const changed = Buffer.from(whole)
  changed[40] = (changed[40] ?? 0) ^ 1
  t.equal(judge(changed, 16), 'its checksum is wrong')
  t.equal(judge(whole.subarray(0, -9), 16), 'it ends in the middle')
  t.equal(judge(Buffer.from('nothing of the kind'), 16), 'it does not begin like a snapshot of Redis')
  t.equal(judge(Buffer.alloc(0), 16), 'it does not begin like a snapshot of Redis')
})
