// The Redis of deploy/kubernetes/redis: its own scripts, on three addresses of loopback in place of three pods.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import t from 'tap'
import { newFolder, settings, signInThere, signUpThere, startServer } from '../support/process.ts'
import { answerTo, untilReadiness } from '../support/patience.ts'
import { fact, quietPort, until } from '../support/redis-node.ts'
import { startSmtp } from '../support/smtp.ts'

t.setTimeout(300_000)
const hasParts = process.platform === 'linux' && spawnSync('redis-cli', ['--version']).status === 0

const PASSWORD = 'a1b2c3d4e5f6'
const HOSTS = ['127.0.0.2', '127.0.0.3', '127.0.0.4']

t.test('the Redis of the manifests finds itself, and itself again after losses', { skip: !hasParts && 'no redis-cli here' }, async (t) => {
  const base = newFolder(t)
  const [port, sentinelPort] = [await quietPort(false), await quietPort(false)]
  const pods = HOSTS.map((host) => {
    const folder = join(base, host)
    mkdirSync(folder)
    for (const name of ['start-redis.sh', 'start-sentinel.sh']) {
      const script = readFileSync(new URL(`../../deploy/kubernetes/redis/${name}`, import.meta.url), 'utf8')
      writeFileSync(join(folder, name), script.replaceAll('26379', `${sentinelPort}`).replaceAll('6379', `${port}`)
        .replaceAll('/data', folder).replace('bind *', `bind ${host}`))
    }
    const start = (name: string): ChildProcess => {
      const env = { PATH: process.env['PATH'], SELF: host, PEERS: HOSTS.join(' '), REDIS_PASSWORD: PASSWORD }
      return spawn('sh', [join(folder, name)], { env, stdio: 'ignore' })
    }
    let running = { redis: start('start-redis.sh'), sentinel: start('start-sentinel.sh') }
    const client = new Redis({ host, port, password: PASSWORD, maxRetriesPerRequest: null, retryStrategy: () => 20 })
    client.on('error', () => {})
    const kill = async (...names: Array<keyof typeof running>): Promise<void> => {
      for (const child of names.map((name) => running[name])) {
        child.kill('SIGKILL')
        if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
      }
    }
    t.teardown(async () => {
      client.disconnect()
      await kill('redis', 'sentinel')
    })
    return {
      host,
      kill,
      restartRedis: () => { running = { ...running, redis: start('start-redis.sh') } },
      restart: () => { running = { redis: start('start-redis.sh'), sentinel: start('start-sentinel.sh') } },
      replication: async () => await client.info('replication')
    }
  })
  const masters = async (): Promise<string[]> => {
    const infos = await Promise.all(pods.map(async ({ host, replication }) => ({ host, info: await replication() })))
    return infos.filter(({ info }) => fact(info, 'role') === 'master').map(({ host }) => host)
  }
  const whole = async (): Promise<void> => {
    await until(async () => {
      const infos = await Promise.all(pods.map(async ({ replication }) => await replication()))
      return infos.some((info) => info.match(/state=online/g)?.length === 2)
    })
  }
  await whole()
  t.strictSame(await masters(), HOSTS.slice(0, 1), 'the first begins as the master')

  const smtp = await startSmtp(t)
  const url = `redis+sentinel://:${PASSWORD}@${HOSTS.map((host) => `${host}:${sentinelPort}`).join(',')}/dvokrok`
  const server = await startServer(t, { ...settings(t, { url }, smtp), REDIS_WAIT_REPLICAS: '2' })
  await server.ready()
  const who = await signUpThere(server, smtp)
  t.strictSame(server.events('redis.warning'), [])

  const [first] = pods
  await first?.kill('redis')
  await until(async () => {
    const infos = await Promise.all(pods.slice(1).map(async ({ replication }) => await replication()))
    return infos.some((info) => fact(info, 'role') === 'master')
  })
  first?.restartRedis()
  await whole()
  const [second = ''] = await masters()
  t.not(second, HOSTS[0], 'who comes back follows')
  await untilReadiness(server, { status: 200, redis: 'up' })
  const { browser, token } = await signInThere(server, smtp, who)

  for (const pod of pods) await pod.kill('redis', 'sentinel')
  for (const pod of pods) pod.restart()
  await whole()
  t.strictSame(await masters(), [second], 'after the loss of all of them the last master is the master')
  t.equal((await answerTo(async () => await browser.get('/auth/me', { token }))).status, 200)
})
