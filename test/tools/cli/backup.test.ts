import { cpSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { dvokrok, fixedSettings, folderOf, signIn, startOne, stop, workFolder } from '../../support/commands.ts'
import { refusalOf } from '../../support/observe.ts'
import { signUpThere, startServer } from '../../support/process.ts'
import { startCluster } from '../../support/redis-cluster.ts'
import { isCluster } from '../../support/redis.ts'
import { startSmtp } from '../../support/smtp.ts'

t.setTimeout(600_000)

t.test('an own Redis with appendonly yes comes back from a snapshot, from its append-only log, and from a Redis that has read either',
  { skip: isCluster }, async (t) => {
    const [first, smtp, cwd] = [await startOne(t), await startSmtp(t), workFolder(t)]
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

t.test('a Cluster is saved master by master, and put back as a whole, into one server as well', { skip: isCluster }, async (t) => {
  const cluster = await startCluster()
  t.teardown(cluster.dispose)
  const [smtp, cwd, single] = [await startSmtp(t), workFolder(t), await startOne(t)]
  const env = { ...await fixedSettings(t, cluster, smtp), REDIS_WAIT_REPLICAS: '0' }
  const server = await startServer(t, env)
  await server.ready()
  const people = [await signUpThere(server, smtp), await signUpThere(server, smtp), await signUpThere(server, smtp)]
  const saved = await dvokrok(['backup', 'c.rdb'], env, cwd)
  t.match(saved, { code: 0, out: /It holds 3 accounts/ }, saved.err)
  const files = readdirSync(cwd).toSorted()
  t.strictSame(files, ['c.rdb.1', 'c.rdb.2', 'c.rdb.3'])
  await stop(server)
  const where = / --force (\S+) /.exec((await dvokrok(['restore', ...files], env, cwd)).err)?.[1] ?? ''
  for (const target of [env, { ...env, REDIS_URL: single.url }]) {
    const restored = await dvokrok(['restore', '--force', where, ...files], target, cwd)
    t.match(restored, { code: 0, out: /3 accounts of the backup are in/ }, restored.err)
    const again = await startServer(t, target)
    await again.ready()
    for (const { who } of people) t.equal((await signIn(again, who, async () => await smtp.code(who.email))).status, 200)
    await stop(again)
  }
})
