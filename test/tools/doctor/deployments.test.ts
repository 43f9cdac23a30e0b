import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { addSigningKey, newSigningKeys } from '../../../src/platform/tokens/signing-keys.ts'
import { examineOutside } from '../../../src/tools/doctor/examine.ts'
import { type Check, CHECKS, type Verdict } from '../../../src/tools/doctor/finding.ts'
import { createAsker } from '../../../src/tools/doctor/http.ts'
import { readOptions, requirePermission } from '../../../src/tools/doctor/options.ts'
import { judgeRedirect, lookAtRedirect, lookAtTls } from '../../../src/tools/doctor/tls.ts'
import { person } from '../../support/app.ts'
import { badDeployment } from '../../support/bad-deployment.ts'
import { makeCertificate } from '../../support/certificate.ts'
import { passOnTo, runDoctor, serve } from '../../support/doctor.ts'
import { freePort, newFolder, settings, startServer } from '../../support/process.ts'
import { startDns, startMailServer } from '../../support/neighbours.ts'
import { startOneRedis, startRedis } from '../../support/redis.ts'
import { startSmtp } from '../../support/smtp.ts'

t.setTimeout(300_000)

/** A production server behind a proxy with TLS, and the environment in which its operator runs the doctor. */
async function deploy (t: Test) {
  const folder = newFolder(t)
  const certificate = makeCertificate()
  const keysPath = join(folder, 'keys.json')
  writeFileSync(keysPath, addSigningKey(newSigningKeys('k1', 'ES256'), 'k2'), { mode: 0o600 })
  writeFileSync(join(folder, 'ca.pem'), certificate.cert)
  const [redis, mailPort, serverPort] = [
    await startOneRedis(t),
    await startMailServer(t, { ...certificate, secure: true }),
    await freePort()
  ]
  const proxy = await serve(t, passOnTo(() => serverPort, (headers) => { headers['x-forwarded-for'] = '127.0.0.1' }), certificate)
  const smtp = { url: `smtps://u:right@localhost:${mailPort}` }
  const env = {
    ...settings(t, redis, smtp),
    NODE_ENV: 'production',
    PUBLIC_URL: proxy.url,
    SIGNING_KEYS: keysPath,
    PORT: `${serverPort}`,
    NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem')
  }
  const server = await startServer(t, env)
  await server.ready()
  return { server, keysPath, publicUrl: proxy.url, env }
}

t.test('a good deployment: what can be checked passes, and says so as JSON and as text', async (t) => {
  const { env, publicUrl, server, keysPath } = await deploy(t)
  const dns = [
    '--resolver',
    await startDns(t, {
      'example.org': ['v=spf1 mx -all'],
      's1._domainkey.example.org': ['v=DKIM1; p=MIIB'],
      '_dmarc.example.org': ['v=DMARC1; p=reject']
    }),
    '--dkim-selector',
    's1'
  ]
  const { status, verdicts, stdout, findings } = await runDoctor(t, ['--json', ...dns], env)
  const expected: Partial<Record<Check, Verdict>> = Object.fromEntries(
    CHECKS.filter((check) => !check.startsWith('attack.')).map((check) => [check, 'pass'])
  )
  t.strictSame({ ...verdicts, 'redis.version': 'pass' }, {
    ...expected,
    'tls.redirect': 'could-not-check',
    'doors.closed': 'could-not-check',
    'secret.age': 'could-not-check',
    'redis.replicas': 'warn',
    'redis.accounts': 'warn'
  }, stdout)
  t.equal(status, 0)
  t.match(JSON.parse(stdout), { target: publicUrl, date: /^\d{4}-\d\d-\d\dT/ })

  const text = await runDoctor(t, dns, env)
  t.equal(text.status, 0)
  t.match(text.stdout, `Dvokrok doctor, ${publicUrl}, 2`)
  t.equal(
    text.stdout.split('\n').filter((line) => /^(pass|warn|fail|could-not-check) /.test(line)).length,
    findings.length,
    'one line per check'
  )
  t.match(text.stdout, /^warn +redis\.replicas .* To fix: /m)
  t.notMatch(text.stdout, '\u001b', 'no colours in a file')

  await t.test('past the proxy, cookies are still judged by PUBLIC_URL', async (t) => {
    const past = await runDoctor(t, ['--json', '--url', server.url], env)
    t.match(past.verdicts, {
      'cookies.names': 'pass',
      'cookies.attributes': 'pass',
      'keys.matching': 'pass',
      'proxy.forwarded': 'could-not-check'
    })
  })

  await t.test('other keys than the server has, readable by all, are told', async (t) => {
    writeFileSync(keysPath, newSigningKeys('k3'))
    chmodSync(keysPath, 0o644)
    t.match((await runDoctor(t, ['--json'], env)).verdicts, { 'keys.matching': 'fail', 'keys.file': 'fail', 'keys.published': 'pass' })
  })

  await t.test('without settings: from outside only, and the rest could not be checked', async (t) => {
    const outside = await runDoctor(t, ['--json', '--url', publicUrl], { NODE_EXTRA_CA_CERTS: env.NODE_EXTRA_CA_CERTS })
    t.match(outside.verdicts, {
      'tls.certificate': 'pass',
      'headers.csp-api': 'pass',
      'cookies.names': 'pass',
      'health.ready': 'pass',
      'keys.published': 'pass',
      'proxy.forwarded': 'pass'
    })
    t.match(outside.verdicts, {
      'redis.eviction': 'could-not-check',
      'mail.reachable': 'could-not-check',
      'keys.matching': 'could-not-check',
      'secret.records': 'could-not-check'
    })
    t.equal(outside.status, 0)
    t.equal(outside.findings.length, new Set(outside.findings.map(({ check }) => check)).size, 'no check twice')
  })

  await t.test('a certificate that nobody vouches for', async (t) => {
    const { NODE_EXTRA_CA_CERTS: _ca, ...rest } = env
    t.match((await runDoctor(t, ['--json'], rest)).verdicts, { 'tls.certificate': 'fail', 'headers.csp-api': 'pass' })
  })
})

t.test('a proxy that passes on what clients invent', async (t) => {
  const [redis, smtp] = [await startRedis(t), await startSmtp(t)]
  const server = await startServer(t, settings(t, redis, smtp))
  const proxy = await serve(t, passOnTo(() => server.port, () => {}))
  const { verdicts, status } = await runDoctor(t, ['--json', '--url', proxy.url])
  t.equal(verdicts['proxy.forwarded'], 'fail')
  t.equal(status, 1)
})

t.test('nobody answers: one failure, and no guesses', async (t) => {
  const { status, verdicts } = await runDoctor(t, ['--json', '--url', `http://localhost:${await freePort()}`])
  t.equal(status, 1)
  t.equal(verdicts['health.ready'], 'fail')
  t.strictSame(
    [
      ...new Set(
        Object.entries(verdicts)
          .filter(([check]) => check !== 'health.ready')
          .map(([, verdict]) => verdict)
      )
    ],
    ['could-not-check']
  )
})

t.test('a deployment where all is wrong: each check that looks from outside tells it', async (t) => {
  const bad = await serve(t, badDeployment(), makeCertificate({ names: ['other.example'], fromDays: -100, toDays: -1 }))
  const { verdicts, status, stdout } = await runDoctor(t, ['--json', '--url', bad.url])
  t.strictSame(Object.fromEntries(Object.entries(verdicts).filter(([, verdict]) => verdict !== 'could-not-check')), {
    'tls.protocol': 'pass',
    'tls.certificate': 'fail',
    'tls.expiry': 'fail',
    'headers.security': 'fail',
    'headers.hsts': 'fail',
    'headers.csp-api': 'fail',
    'headers.csp-pages': 'fail',
    'headers.versions': 'warn',
    'headers.origin': 'fail',
    'cookies.names': 'fail',
    'cookies.attributes': 'fail',
    'cache.api': 'fail',
    'cache.pages': 'fail',
    'cache.assets': 'warn',
    'cache.jwks': 'warn',
    'passkeys.domain': 'fail',
    'proxy.forwarded': 'fail',
    'health.ready': 'fail',
    'health.mail': 'warn',
    'clock.server': 'fail',
    'keys.published': 'fail'
  }, stdout)
  t.equal(status, 1)
})

t.test('an open mailbox is seen where the target is no loopback name', async (t) => {
  const { port } = await serve(t, badDeployment())
  const asker = createAsker(`http://127.0.0.1:${port}`)
  t.teardown(() => { asker.close() })
  const findings = await examineOutside({ ...asker, target: 'http://id.example.org' }, null)
  t.match(findings.find(({ check }) => check === 'doors.closed'), { verdict: 'fail', message: '/mailbox and /metrics' })
  t.match(findings.find(({ check }) => check === 'tls.protocol'), { verdict: 'fail' })
})

t.test('http is followed to where it leads', async (t) => {
  const target = 'https://localhost'
  const redirecting = await serve(t, (_request, response) => { response.writeHead(301, { location: `${target}/` }).end() })
  const staying = await serve(t, (_request, response) => { response.end('hello') })
  for (const [url, verdict] of [
    [redirecting.url, 'pass'],
    [staying.url, 'fail'],
    [`http://localhost:${await freePort()}`, 'pass']
  ] as const) {
    t.equal(judgeRedirect(target, await lookAtRedirect(url)).verdict, verdict, url)
  }
})

t.test('old TLS is noticed', async (t) => {
  const old = { ...makeCertificate(), minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' }
  t.equal((await lookAtTls((await serve(t, () => {}, old)).url)).isOldAccepted, true)
  t.match(await lookAtTls((await serve(t, () => {}, makeCertificate({ fromDays: -10, toDays: 80 }))).url), {
    isOldAccepted: false,
    protocol: 'TLSv1.3',
    host: 'localhost',
    error: /SELF_SIGNED|self.signed/
  })
})

t.test('used wrongly, it says how', async (t) => {
  const target = 'https://id.example.org'
  const { email } = person()
  for (const [args, message] of [
    [['--attack'], /--email/],
    [['--url', 'example.org'], /--url must be/],
    [['--url', `${target}/login`], /--url must be/],
    [['--url', 'https://u:p@id.example.org'], /--url must be/],
    [['--attac'], /--attack +also play/],
    [['--attack', '--email', 'a@example.org,b@example.org'], /one plain address/]
  ] as const) { t.throws(() => readOptions([...args]), { message }, args.join(' ')) }
  t.match(readOptions(['--attack', '--email', email, '--url', `${target}/`]), { attack: true, email, url: target, json: false })
  t.match(await runDoctor(t, ['--attack']), { status: 2, stdout: '', stderr: /--email/ })
  t.match(await runDoctor(t, [], { NODE_ENV: 'production' }), { status: 2, stdout: '', stderr: /PUBLIC_URL is not set/ })
})

t.test('only one\'s own deployment is attacked, or one that is named once more', async (t) => {
  const target = 'https://id.example.org'
  for (const [url, publicUrl, confirmed] of [
    [target, target, undefined],
    ['http://localhost:3000', target, undefined],
    ['http://127.0.0.1:3000', undefined, undefined],
    [target, undefined, 'id.example.org']
  ] as const) {
    t.doesNotThrow(() => {
      requirePermission(url, publicUrl, confirmed)
    }, url)
  }
  for (const [url, publicUrl, confirmed] of [
    [target, undefined, undefined],
    [target, 'https://other.example.org', undefined],
    [target, `${target}:8443`, undefined],
    [target, undefined, 'example.org'],
    ['https://localhost.example.org', undefined, undefined]
  ] as const) {
    t.throws(
      () => {
        requirePermission(url, publicUrl, confirmed)
      },
      { message: /neither PUBLIC_URL .* nor this machine.*--confirm-host/ },
      `${url} ${publicUrl} ${confirmed}`
    )
  }

  let requests = 0
  const somebody = await serve(t, (_request, response) => { requests++; response.end() })
  const { status, stdout, stderr } = await runDoctor(t, ['--attack', '--email', person().email, '--url', `http://0.0.0.0:${somebody.port}`])
  t.match([status, stdout], [2, ''])
  t.match(stderr, /--confirm-host 0\.0\.0\.0/)
  t.equal(requests, 0, 'and not even looked at')
})
