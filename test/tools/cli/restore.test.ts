import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { keys } from '../../../src/platform/redis/keys.ts'
import { person } from '../../support/app.ts'
import { dvokrok, fixedSettings, hostOf, signIn, startOne, stop, workFolder } from '../../support/commands.ts'
import { refusalOf } from '../../support/observe.ts'
import { freePort, newFolder, signUpThere, startServer } from '../../support/process.ts'
import { isCluster } from '../../support/redis.ts'
import { startSmtp } from '../../support/smtp.ts'

t.setTimeout(600_000)

t.test('DATA_DIR comes back from a backup with its secret, and never while a server uses it', { skip: isCluster }, async (t) => {
  const cwd = workFolder(t)
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
  const [redis, other, smtp, cwd] = [await startOne(t), await startOne(t), await startSmtp(t), workFolder(t)]
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
