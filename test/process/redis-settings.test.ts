import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { makeCertificate } from '../support/certificate.ts'
import { freePort, newFolder, settings, signUpThere, startServer } from '../support/process.ts'
import { isCluster } from '../support/redis.ts'
import { DURABLE, fact, quietPort, type RedisNode, startNode, until } from '../support/redis-node.ts'
import { portOf, present } from '../support/shapes.ts'
import { startSmtp } from '../support/smtp.ts'

t.setTimeout(300_000)

async function startOne (t: Test, options: string[] = []): Promise<RedisNode> {
  const node = await startNode([...DURABLE, ...options], { on: 'port' })
  t.teardown(node.dispose)
  return node
}

const addressed = (url: string, path: string): string => `${url}${path}`

t.test('a database that Redis does not have is refused, at the start and after a reconnect; nothing is written beside it', async (t) => {
  const [redis, smtp] = [await startOne(t), await startSmtp(t)]
  const base = settings(t, redis, smtp)
  const refused = await startServer(t, { ...base, REDIS_URL: addressed(redis.url, '/99') }, { wait: false })
  t.equal(await refused.exited(), 1)
  t.match(refused.output(), /Redis has no database 99, which REDIS_URL names/)

  const cluster = await startNode([...DURABLE, '--cluster-enabled', 'yes'], { on: 'port and bus' })
  t.teardown(cluster.dispose)
  const inCluster = await startServer(t, { ...base, REDIS_URL: addressed(cluster.url, '/1') }, { wait: false })
  t.equal(await inCluster.exited(), 1)
  t.match(inCluster.output(), /Redis has no database 1/)

  // The server behind the port is replaced by one with fewer databases.
  const port = await freePort()
  let behind = redis.port
  const sockets = new Set<{ destroy: () => unknown }>()
  const proxy = createServer((socket) => {
    const onward = connect(behind, '127.0.0.1')
    for (const one of [socket, onward]) sockets.add(one.on('error', () => {}))
    socket.pipe(onward).pipe(socket)
  }).listen(port, '127.0.0.1')
  await once(proxy, 'listening')
  t.teardown(() => { proxy.close() })
  const server = await startServer(t, { ...base, REDIS_URL: `redis://127.0.0.1:${port}/9` })
  await server.ready()
  const small = await startOne(t, ['--databases', '2'])
  behind = small.port
  for (const socket of sockets) socket.destroy()
  await server.logged('redis.refused')
  const ready = await server.browser().get('/health/ready')
  t.match([ready.status, ready.body], [503, { parts: { redis: 'refused' } }])
  t.equal(await small.client.dbsize(), 0)
  t.equal(await redis.client.dbsize(), 0, 'nothing in database 0')
})

t.test('why Redis is away is told once, with where and the way out, and without a secret', async (t) => {
  const [redis, smtp] = [await startOne(t), await startSmtp(t)]
  await redis.client.config('SET', 'requirepass', 'right')
  const closed = await freePort()
  const hanging = await startClusterOfOne(t, [])
  hanging.pause()
  const cases: Array<[string, RegExp]> = [
    [`redis://:wr0ng-secret@127.0.0.1:${redis.port}`, /Redis at 127\.0\.0\.1:\d+ refuses the user and password of REDIS_URL \(WRONGPASS\)/],
    [redis.url, /wants a password, and REDIS_URL has none \(NOAUTH\)/],
    [`redis://:wr0ng-secret@127.0.0.1:${closed}`, /Nothing listens as Redis at 127\.0\.0\.1:\d+ \(ECONNREFUSED\)/],
    [`redis://:wr0ng-secret@no-such-host.invalid:${closed}`, /The host no-such-host\.invalid in REDIS_URL has no address/],
    [`unix:${join(newFolder(t), 'none')}`, /There is no socket at .*none \(ENOENT\)/],
    [`rediss://:wr0ng-secret@127.0.0.1:${redis.port}`, /speaks no TLS that we understand|where it has no TLS, write redis:/],
    [`redis://:wr0ng-secret@127.0.0.1:${closed},127.0.0.1:${closed}`, /Nothing listens as Redis at 127\.0\.0\.1:\d+ \(ECONNREFUSED\)/],
    [`redis://:wr0ng-secret@127.0.0.1:${hanging.port},127.0.0.1:${hanging.port}`, /Redis at 127\.0\.0\.1:\d+ does not answer/],
    ['redis://:wr0ng-secret@no-such-host.invalid:1,no-such-host.invalid:2', /The host no-such-host\.invalid in REDIS_URL has no address/]
  ]
  const servers = await Promise.all(cases.map(async ([url]) => await startServer(t, { ...settings(t, redis, smtp), REDIS_URL: url })))
  for (const [index, [url, words]] of cases.entries()) {
    const server = present(servers[index])
    // On a busy machine a try may be too late first.
    while (!server.events('redis.away').some(({ reason }) => words.test(String(reason)))) await server.wrote()
    // Several tries to connect.
    await new Promise((resolve) => { setTimeout(resolve, 1_500) })
    const lines = server.events('redis.away')
    t.match(lines.find(({ reason }) => words.test(String(reason))), { msg: /^Redis is away: / }, url)
    t.equal(new Set(lines.map(({ reason }) => reason)).size, lines.length, `no reason twice: ${lines.length}`)
    t.notOk(lines.some(({ reason }) => /closed the connection/.test(String(reason))), `${url}: not only that`)
    t.ok(lines.length <= 2, url)
    t.notMatch(server.output(), /wr0ng-secret/)
    await server.kill9()
  }
})

t.test('an authority of your own is trusted by REDIS_CA_FILE, and named as missing without it', async (t) => {
  const folder = newFolder(t)
  const { key, cert } = makeCertificate({ names: ['localhost'] })
  const [keyFile, certFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  writeFileSync(keyFile, key)
  writeFileSync(certFile, cert)
  const withTls = (port: number): string[] => [
    '--tls-port', `${port}`, '--tls-cert-file', certFile, '--tls-key-file', keyFile, '--tls-ca-cert-file', certFile,
    '--tls-auth-clients', 'no', '--tls-replication', 'yes'
  ]
  // That of the Cluster has room for its bus, which counts from the port with TLS.
  const ports = { single: await quietPort(false), cluster: await quietPort(true), sentinel: await quietPort(false) }
  const redis = await startOne(t, withTls(ports.single))
  await startClusterOfOne(t, [
    ...withTls(ports.cluster), '--tls-cluster', 'yes', '--cluster-announce-hostname', 'localhost',
    '--cluster-preferred-endpoint-type', 'hostname'
  ])
  const sentinel = await startNode(withTls(ports.sentinel), {
    on: 'port',
    args: (folder) => {
      const file = join(folder, 'sentinel.conf')
      const names = ['sentinel resolve-hostnames yes', 'sentinel announce-hostnames yes']
      writeFileSync(file, [...names, `sentinel monitor main localhost ${ports.single} 1`].join('\n'))
      return [file, '--sentinel']
    }
  })
  t.teardown(sentinel.dispose)
  const smtp = await startSmtp(t)
  for (const url of [
    `rediss://localhost:${ports.single}`,
    `rediss://localhost:${ports.cluster},localhost:${ports.cluster}`,
    `rediss+sentinel://localhost:${ports.sentinel}/main`
  ]) {
    const env = { ...settings(t, redis, smtp), REDIS_URL: url, REDIS_WAIT_REPLICAS: '0' }
    const without = await startServer(t, env)
    const words = /has a certificate of an authority that is not known here .* REDIS_CA_FILE/
    while (!without.events('redis.away').some(({ reason }) => words.test(String(reason)))) await without.wrote()
    // On a busy machine a try may be too late first.
    const reasons = without.events('redis.away').map(({ reason }) => String(reason))
    t.strictSame(reasons.filter((reason) => !words.test(reason) && !/does not answer/.test(reason)), [], url)
    await without.kill9()

    const server = await startServer(t, { ...env, REDIS_CA_FILE: certFile })
    await server.ready()
    await signUpThere(server, smtp)
    await server.kill9()
  }
})

t.test('a Redis-alike that answers nothing to CONFIG GET is warned of once, and used', async (t) => {
  const smtp = await startSmtp(t)
  const single = await startOne(t)
  const singlePort = await startAlike(t, single)
  const clusterPort = await quietPort(false)
  // A Cluster names its nodes itself.
  const cluster = await startClusterOfOne(t, ['--cluster-announce-port', `${clusterPort}`])
  await startAlike(t, cluster, clusterPort)
  for (const url of [`redis://127.0.0.1:${singlePort}`, `redis://127.0.0.1:${clusterPort},127.0.0.1:${clusterPort}`]) {
    const server = await startServer(t, { ...settings(t, single, smtp), REDIS_URL: url, REDIS_WAIT_REPLICAS: '0' })
    await server.ready()
    await server.logged('redis.warning')
    t.match(server.events('redis.warning').map(({ msg }) => msg), [/does not tell its settings \(CONFIG GET\)/], url)
    await signUpThere(server, smtp)
    await server.kill9()
  }
})

/** All slots on one master. */
async function startClusterOfOne (t: Test, options: string[]): Promise<RedisNode> {
  const enabled = ['--cluster-enabled', 'yes', '--cluster-announce-ip', '127.0.0.1']
  const node = await startNode([...DURABLE, ...enabled, ...options], { on: 'port and bus' })
  t.teardown(node.dispose)
  await node.client.cluster('ADDSLOTSRANGE', 0, 16_383)
  await until(async () => fact(await node.client.cluster('INFO'), 'cluster_state') === 'ok')
  return node
}

/** Stands before a Redis and answers nothing to CONFIG GET, as that does for settings that it does not have. Its port. */
async function startAlike (t: Test, { port }: RedisNode, own = 0): Promise<number> {
  const settingName = /(?<=CONFIG\r\n\$\d+\r\nGET\r\n\$\d+\r\n)[a-z]/gi
  const alike = createServer((socket) => {
    const onward = connect(port, '127.0.0.1')
    for (const one of [socket, onward]) one.on('error', () => {})
    socket.on('data', (bytes) => { onward.write(bytes.toString('latin1').replace(settingName, 'z'), 'latin1') })
    onward.pipe(socket)
    socket.on('close', () => { onward.destroy() })
  }).listen(own, '127.0.0.1')
  await once(alike, 'listening')
  t.teardown(() => { alike.close() })
  return portOf(alike)
}

t.test('the password of REDIS_URL opens the Sentinels too, and does no harm where they have none', { skip: isCluster }, async (t) => {
  const smtp = await startSmtp(t)
  for (const [own, given] of [['pw', ''], ['', ''], ['other', '?sentinel=:other']]) {
    const redis = await startOne(t)
    await redis.client.config('SET', 'requirepass', 'pw')
    const sentinel = await startNode([], {
      on: 'port',
      args: (folder) => {
        const file = join(folder, 'sentinel.conf')
        writeFileSync(file, [
          `sentinel monitor main 127.0.0.1 ${redis.port} 1`, 'sentinel auth-pass main pw'
        ].join('\n'))
        return [file, '--sentinel']
      }
    })
    t.teardown(sentinel.dispose)
    if (own) await sentinel.client.call('ACL', 'SETUSER', 'default', `>${own}`)
    const env = { ...settings(t, redis, smtp), REDIS_WAIT_REPLICAS: '0' }
    const server = await startServer(t, { ...env, REDIS_URL: `redis+sentinel://:pw@127.0.0.1:${sentinel.port}/main${given}` })
    await server.ready()
    await server.kill9()
    if (own === '') continue
    const wrong = await startServer(t, { ...env, REDIS_URL: `redis+sentinel://:pw@127.0.0.1:${sentinel.port}/main?sentinel=:no` })
    t.match(await wrong.logged('redis.away'), { reason: /Sentinel at .* wants a password.*\?sentinel=user:password/ })
    await wrong.kill9()
  }
  const redis = await startOne(t)
  const sentinel = await startNode([], {
    on: 'port',
    args: (folder) => {
      const file = join(folder, 'sentinel.conf')
      writeFileSync(file, `sentinel monitor main 127.0.0.1 ${redis.port} 1`)
      return [file, '--sentinel']
    }
  })
  t.teardown(sentinel.dispose)
  const env = { ...settings(t, redis, smtp), REDIS_URL: `redis+sentinel://127.0.0.1:${sentinel.port}/mainn` }
  const server = await startServer(t, env)
  // On a busy machine a try may be too late first.
  const isTold = () => server.events('redis.away').some(({ reason }) => /No Sentinel at .* master called mainn/.test(String(reason)))
  while (!isTold()) await server.wrote()
})
