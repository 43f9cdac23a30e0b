import { execFile } from 'node:child_process'
import { cpSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { dvokrok, fixedSettings, signIn, startOne, stop, workFolder } from '../../support/commands.ts'
import { refusalOf } from '../../support/observe.ts'
import { freePort, signUpThere, startServer } from '../../support/process.ts'
import { isCluster } from '../../support/redis.ts'
import { startSmtp } from '../../support/smtp.ts'

t.setTimeout(600_000)

t.test('a snapshot put back by hand as the documents say is read by a Redis with appendonly yes', { skip: isCluster }, async (t) => {
  const [old, smtp, cwd] = [await startOne(t), await startSmtp(t), workFolder(t)]
  const env = await fixedSettings(t, old, smtp)
  const server = await startServer(t, env)
  await server.ready()
  const { who, token } = await signUpThere(server, smtp)
  t.equal((await dvokrok(['backup', 'dump.rdb'], env, cwd)).code, 0)
  await stop(server)

  // The steps of docs/operations.md, "By hand".
  const folder = workFolder(t)
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
