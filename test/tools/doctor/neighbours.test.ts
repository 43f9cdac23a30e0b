import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer as createTcpServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { createKeyring } from '../../../src/platform/keyring.ts'
import { judgeDns, lookAtDns } from '../../../src/tools/doctor/dns.ts'
import { judgeSmtp } from '../../../src/tools/doctor/mail.ts'
import { judgeRecords, judgeRedis } from '../../../src/tools/doctor/redis.ts'
import { countRecords, lookAtRedis } from '../../../src/tools/doctor/redis-store.ts'
import { probeSmtp } from '../../../src/platform/mail/probe.ts'
import { person, SECRET, signUp, startApp } from '../../support/app.ts'
import { signUpWithTotp } from '../../support/authenticator.ts'
import { makeCertificate } from '../../support/certificate.ts'
import { freePort } from '../../support/process.ts'
import { startDns, startMailServer } from '../../support/neighbours.ts'
import { startOneRedis, startRedis } from '../../support/redis.ts'
import { portOf } from '../../support/shapes.ts'

const verdictsOf = (findings: Array<{ check: string; verdict: string }>): Record<string, string> =>
  Object.fromEntries(findings.map(({ check, verdict }) => [check, verdict]))

t.test('a real Redis tells what it keeps, with CONFIG or without', async (t) => {
  const good = await startOneRedis(t)
  const bad = await startOneRedis(t, ['--maxmemory-policy', 'allkeys-lru', '--appendonly', 'no'])
  const lax = await startOneRedis(t, ['--appendfsync', 'everysec'])
  const silent = await startOneRedis(t, ['--rename-command', 'CONFIG', ''])
  const look = async (redis: typeof good): Promise<Record<string, string>> => verdictsOf(judgeRedis(await lookAtRedis(redis.client), true))

  t.match(await look(good), {
    'redis.version': /pass|warn/,
    'redis.eviction': 'pass',
    'redis.persistence': 'pass',
    'redis.replicas': 'warn',
    'clock.redis': 'pass'
  })
  t.match(await look(bad), { 'redis.eviction': 'fail', 'redis.persistence': 'fail' })
  t.match(await look(lax), { 'redis.persistence': 'warn' })
  t.match(await look(silent), { 'redis.eviction': 'pass', 'redis.persistence': 'could-not-check' })
})

t.test('a replica counts, and whether a master waits for it', async (t) => {
  const port = await freePort()
  const master = await startOneRedis(t, [
    '--port',
    `${port}`,
    '--bind',
    '127.0.0.1',
    '--min-replicas-to-write',
    '1',
    '--repl-diskless-sync-delay',
    '0'
  ])
  const replica = await startOneRedis(t, ['--replicaof', '127.0.0.1', `${port}`])
  // Only when the replica is there does its master take a write.
  while (await master.client.wait(1, 100) < 1) t.comment('waiting for the replica')
  const look = async (): Promise<string | undefined> => verdictsOf(judgeRedis(await lookAtRedis(master.client), true))['redis.replicas']
  t.equal(await look(), 'pass')
  await master.client.config('SET', 'min-replicas-to-write', '0')
  t.equal(await look(), 'warn')
  await replica.dispose()
})

t.test('records are counted by the secret that made them, until their owners come back', async (t) => {
  const old = 'another secret that was long enough once'
  const redis = await startRedis(t)
  const before = await startApp(t, { redis, secret: old })
  const [ann, bob] = [person(), person()]
  await signUp(before, ann)
  await signUpWithTotp(before, bob)
  await before.close()

  const [now, then] = [createKeyring(SECRET).current.id, createKeyring(old).current.id]
  const judge = async (previous: string[]) => judgeRecords(await countRecords(redis.client, () => {}), now, previous)
  t.match(await judge([]), { verdict: 'fail', message: 'another SECRET' })
  t.match(await judge([then]), { verdict: 'warn', message: '2 passwords and 1 authenticators' })

  const after = await startApp(t, { redis, env: { SECRET_PREVIOUS: old } })
  await after.browser().post('/auth/login', { email: ann.email, password: ann.password })
  // The record is renewed behind the answer.
  while (!(await judge([then])).message.startsWith('1 passwords')) await sleep(20)
  t.match(await judge([then]), { verdict: 'warn', message: '1 passwords and 1 authenticators' })
  t.match(await judge([]), { verdict: 'fail', message: 'no longer given' }, 'the old secret went too early')
})

t.test('progress goes up to all records', async (t) => {
  const { client } = await startRedis(t)
  await Promise.all(
    Array.from(
      { length: 3_000 },
      async (_item, id) => await client.hset(`{u:${id}}:account`, 'passwordHash', `AAAA$2b$10$${'x'.repeat(53)}`)
    )
  )
  const progress: Array<[number, number]> = []
  const { passwords } = await countRecords(client, (seen, total) => { progress.push([seen, total]) })
  t.strictSame([...passwords], [['AAAA', 3_000]])
  t.ok(progress.length > 1)
  t.strictSame(progress.at(-1), [3_000, 3_000])
})

t.test('mail servers: TLS, STARTTLS, in clear, a wrong certificate, a wrong password, none at all', async (t) => {
  const certificate = makeCertificate()
  const [tls, starttls, clear] = [
    await startMailServer(t, { ...certificate, secure: true }),
    await startMailServer(t, { ...certificate }),
    await startMailServer(t, { disabledCommands: ['STARTTLS', 'AUTH'] })
  ]
  const mute = createTcpServer((socket) => { socket.destroy() }).listen(0, '127.0.0.1')
  await once(mute, 'listening')
  t.teardown(() => { mute.close() })
  const look = async (url: string): Promise<Record<string, string>> => verdictsOf(judgeSmtp(await probeSmtp(url)))

  for (const [url, expected] of [
    [`smtps://localhost:${tls}`, { 'mail.reachable': 'pass', 'mail.encrypted': 'fail', 'mail.login': 'pass' }],
    [`smtps://u:right@localhost:${tls}?tls.rejectUnauthorized=false`, { 'mail.reachable': 'pass', 'mail.login': 'pass' }],
    [`smtps://u:wrong@localhost:${tls}?tls.rejectUnauthorized=false`, { 'mail.reachable': 'pass', 'mail.login': 'fail' }],
    [`smtp://localhost:${starttls}?requireTLS=true`, { 'mail.reachable': 'pass', 'mail.encrypted': 'fail' }],
    // It does not leave this machine.
    [`smtp://localhost:${clear}`, { 'mail.reachable': 'pass', 'mail.encrypted': 'pass' }],
    [`smtp://localhost:${clear}?requireTLS=true`, { 'mail.reachable': 'pass', 'mail.encrypted': 'fail' }],
    [
      `smtp://localhost:${portOf(mute)}`,
      { 'mail.reachable': 'fail', 'mail.encrypted': 'could-not-check', 'mail.login': 'could-not-check' }
    ],
    [`smtp://localhost:${await freePort()}`, { 'mail.reachable': 'fail' }]
  ] as const) { t.match(await look(url), expected, url) }

  t.match(await probeSmtp(`smtps://localhost:${tls}`), { encryption: 'tls', certificateError: /SELF_SIGNED|self.signed/ })
  t.match(await probeSmtp(`smtp://localhost:${starttls}?requireTLS=true`), {
    encryption: 'starttls',
    certificateError: /SELF_SIGNED|self.signed/
  })
  t.match(await probeSmtp(`smtp://localhost:${clear}`), { encryption: 'none', isRequired: false })
  t.notMatch(
    JSON.stringify(await probeSmtp(`smtps://secret-user:wrong-password@localhost:${tls}?tls.rejectUnauthorized=false`)),
    /secret-user|wrong-password/
  )
})

t.test('DNS: records of the domain, and of the one above it', async (t) => {
  const resolver = await startDns(t, {
    'example.org': ['v=spf1 mx -all', 'unrelated'],
    's1._domainkey.example.org': ['v=DKIM1; p=MIIBIjAN'],
    '_dmarc.example.org': ['v=DMARC1; p=reject'],
    'mail.example.org': ['v=spf1 mx -all'],
    'bare.example': ['unrelated']
  })
  const look = async (domain: string, selector?: string): Promise<Record<string, string>> =>
    verdictsOf(judgeDns(await lookAtDns(domain, { resolver, selector })))
  t.strictSame(await look('example.org', 's1'), { 'mail.spf': 'pass', 'mail.dkim': 'pass', 'mail.dmarc': 'pass' })
  t.strictSame(await look('example.org', 's2'), { 'mail.spf': 'pass', 'mail.dkim': 'fail', 'mail.dmarc': 'pass' })
  t.strictSame(
    await look('example.org'),
    { 'mail.spf': 'pass', 'mail.dkim': 'could-not-check', 'mail.dmarc': 'pass' },
    'there are selectors, and nobody knows which'
  )
  t.strictSame(
    await look('mail.example.org'),
    { 'mail.spf': 'pass', 'mail.dkim': 'warn', 'mail.dmarc': 'pass' },
    'the policy of the domain above holds'
  )
  t.strictSame(await look('bare.example'), { 'mail.spf': 'fail', 'mail.dkim': 'warn', 'mail.dmarc': 'fail' })
  t.strictSame(await look('nowhere.example'), { 'mail.spf': 'fail', 'mail.dkim': 'warn', 'mail.dmarc': 'fail' })
})

t.test('DNS that refuses could not be checked', async (t) => {
  const socket = createSocket('udp4')
  socket.on('message', (query, { port, address }) => {
    socket.send(Buffer.concat([query.subarray(0, 2), Buffer.from([0x81, 0x85]), query.subarray(4)]), port, address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  t.teardown(() => { socket.close() })
  const facts = await lookAtDns('example.org', { resolver: `127.0.0.1:${socket.address().port}` })
  t.strictSame(verdictsOf(judgeDns(facts)), {
    'mail.spf': 'could-not-check',
    'mail.dkim': 'could-not-check',
    'mail.dmarc': 'could-not-check'
  })
})
