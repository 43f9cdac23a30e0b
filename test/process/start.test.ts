import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t, { type Test } from 'tap'
import { newSigningKeys } from '../../src/platform/tokens/signing-keys.ts'
import { processIdentity } from '../../src/embedded/process-identity.ts'
import { type Person, person, SECRET } from '../support/app.ts'
import type { Browser } from '../support/browser.ts'
import { freePort, newFolder, type ServerProcess, settings, startServer } from '../support/process.ts'
import { startRedis } from '../support/redis.ts'
import { json, shaped } from '../support/shapes.ts'
import { startSmtp } from '../support/smtp.ts'

// A dozen processes are started one after the other: on a busy machine that takes its time.
t.setTimeout(300_000)

async function signUp (server: ServerProcess, who: Person): Promise<Browser> {
  const browser = server.browser()
  await browser.post('/auth/register', who)
  const verified = await browser.post('/auth/verify-otp', { otp: await server.mailboxCode(who.email) })
  browser.token = String(verified.body['accessToken'])
  return browser
}

const redisOf = (dataDir: string): { pid: number; url: string } =>
  json<{ pid: number; url: string }>(readFileSync(join(dataDir, 'redis.json'), 'utf8'))

/** Every path in the folder with its mode. */
const modes = (folder: string): Array<[string, boolean, number]> => readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .map((path) => [path, statSync(join(folder, path)).isDirectory(), statSync(join(folder, path)).mode & 0o777])

t.test('with nothing set, from any folder: a real Redis, a mailbox, and all of it is there after kill -9', async (t) => {
  const cwd = newFolder(t)
  const dataDir = join(cwd, '.data')
  const server = await startServer(t, {}, { cwd })
  await server.ready()
  for (const address of [server.url, `${server.url}/docs`, `${server.url}/mailbox`]) {
    t.match(server.output(), address, 'the console says the address')
  }

  const who = person()
  const browser = await signUp(server, who)
  t.equal((await browser.get('/auth/me', { token: browser.token })).status, 200)

  await t.test('the pages and the API page of the build', async (t) => {
    const docs = await browser.get('/docs/')
    t.match([docs.status, docs.headers['content-type'], docs.text], [200, /html/, '<h1>Dvokrok API</h1>'])
    const api = await browser.get('/docs/json')
    t.ok(Object.hasOwn(shaped<object>(api.body['paths']), '/auth/register'))
    const page = await browser.get('/mailbox')
    t.match([page.status, page.headers['content-type'], page.text], [200, /text\/html/, who.email])
  })

  await t.test('the mailbox lists what was sent, newest first, by address, in the shape of the contract', async (t) => {
    const other = person()
    await server.browser().post('/auth/register', other)
    await server.mailboxCode(other.email)
    const items = async (query = ''): Promise<Array<Record<string, unknown>>> =>
      shaped<Array<Record<string, unknown>>>((await browser.get(`/mailbox/messages${query}`)).body['items'])
    t.strictSame((await items()).map(({ to }) => to), [other.email, who.email])
    const [mail, ...more] = await items(`?to=${encodeURIComponent(who.email.toUpperCase())}`)
    t.equal(more.length, 0)
    t.strictSame(Object.keys(mail ?? {}).sort(), ['headers', 'html', 'id', 'receivedAt', 'subject', 'text', 'to'])
    const code = /\d{6}/.exec(String(mail?.['subject']))?.[0] ?? 'no code'
    t.match(mail, {
      to: who.email,
      text: code,
      html: new RegExp(`<html[^]*${code}`),
      headers: { 'auto-submitted': 'auto-generated' },
      receivedAt: /^\d{4}-\d\d-\d\dT[\d:.]+Z$/
    })
    t.strictSame(await items('?to=nobody@example.org'), [])
  })

  await t.test('a name of another site that leads here reads no mail', async (t) => {
    for (const host of ['evil.example', `evil.example:${server.port}`, `localhost.evil.example:${server.port}`, '10.0.0.1']) {
      for (const path of ['/mailbox', '/mailbox/messages']) {
        const answer = await browser.get(path, { headers: { host } })
        t.match([answer.status, answer.body['code']], [403, 'FORBIDDEN'], `${host} ${path}`)
        t.notMatch(answer.text, who.email)
        // The server of these tests trusts this machine as a proxy.
        const forwarded = await browser.get(path, { headers: { host, 'x-forwarded-host': 'localhost' } })
        t.equal(forwarded.status, 403, `${host} ${path}, with X-Forwarded-Host`)
      }
    }
    for (const host of [`127.0.0.1:${server.port}`, `[::1]:${server.port}`]) {
      t.equal((await browser.get('/mailbox/messages', { headers: { host } })).status, 200, host)
    }
  })

  await t.test('a second start on the same DATA_DIR is refused and harms nothing', async (t) => {
    const second = await startServer(t, {}, { cwd, wait: false })
    t.equal(await second.exited(), 1)
    t.match(second.output(), `DATA_DIR ${dataDir} is in use by the server with process id ${server.pid}`)
    t.match(second.output(), 'set DATA_DIR to another folder')
    t.equal((await browser.get('/auth/me', { token: browser.token })).status, 200)
  })

  t.strictSame(
    modes(dataDir).filter(([, isFolder, mode]) => mode !== (isFolder ? 0o700 : 0o600)),
    [],
    'nobody else may read anything in DATA_DIR'
  )

  const orphan = redisOf(dataDir)
  await server.kill9()
  t.not(processIdentity(orphan.pid), undefined, 'its Redis outlives a server killed with -9')
  await server.restart()
  t.match(server.output(), `process ${orphan.pid}) that a killed server left behind`)
  t.equal(processIdentity(orphan.pid), undefined, 'the orphan was stopped')
  await server.ready()
  t.equal((await browser.get('/auth/me', { token: browser.token })).status, 200, 'the session lives')
  t.equal((await browser.post('/auth/refresh', undefined, { headers: { origin: server.url } })).status, 200, 'and can be refreshed')
  t.match(
    (await server.browser().post('/auth/login', { email: who.email, password: who.password })).body,
    { twoFactorRequired: true },
    'the account is there'
  )

  const { pid, url } = redisOf(dataDir)
  process.kill(pid, 'SIGKILL')
  await server.logged('redis.away')
  await server.ready()
  t.equal(
    (await browser.get('/auth/me', { token: browser.token })).status,
    200,
    'its Redis killed with -9 is back by itself, with everything'
  )

  server.signal('SIGTERM')
  t.equal(await server.exited(), 0)
  t.equal(processIdentity(redisOfStopped(dataDir) ?? pid), undefined)
  t.notOk(existsSync(dirname(url.slice('unix:'.length))), 'no socket is left')
  t.strictSame(readdirSync(dataDir).sort(), ['mailbox', 'redis', 'secret', 'signing-keys.json'], 'no lock and no record are left')
})

const redisOfStopped = (dataDir: string): number | undefined => existsSync(join(dataDir, 'redis.json')) ? redisOf(dataDir).pid : undefined

t.test('refused starts', async (t) => {
  const keysFile = join(newFolder(t), 'keys.json')
  writeFileSync(keysFile, newSigningKeys('test'))
  const production: Record<string, string> = {
    NODE_ENV: 'production',
    PUBLIC_URL: 'https://id.example.org',
    REDIS_URL: 'redis://127.0.0.1:1',
    SMTP_URL: 'smtp://127.0.0.1:1',
    MAIL_FROM: 'id@example.org',
    SECRET,
    SIGNING_KEYS: keysFile
  }

  /** Starts and must not: what it said, and that it made nothing. */
  async function refused (t: Test, env: Record<string, string>): Promise<string> {
    const cwd = newFolder(t)
    const server = await startServer(t, env, { cwd, wait: false })
    t.equal(await server.exited(), 1, 'it ends with code 1')
    t.strictSame(readdirSync(cwd), [], 'and leaves nothing behind')
    return server.output()
  }
  const problems = (output: string): string[] =>
    output
      .split('\n')
      .filter((line) => line.startsWith('- '))
      .map((line) => line.split(' ')[1] ?? '')

  await t.test('production with one thing missing names exactly that, and with nothing missing it starts', async (t) => {
    const { SMTP_URL: _missing, ...env } = production
    t.strictSame(problems(await refused(t, env)), ['SMTP_URL'])
    const server = await startServer(t, production)
    const [live, ready, mailbox] = await Promise.all(
      ['/health/live', '/health/ready', '/mailbox/messages'].map(async (path) => await server.browser().get(path))
    )
    t.strictSame([live?.status, ready?.status, mailbox?.status], [200, 503, 404], 'without Redis it waits for it; there is no mailbox')
  })

  await t.test('every mistake is told at once', async (t) => {
    const output = await refused(t, {
      NODE_ENV: 'production',
      BCRYPT_COST: '9',
      TWO_FACTOR_MAX_ATTEMPTS: 'many',
      TRUST_PROXY: 'true',
      SECRET: 'short'
    })
    t.strictSame(problems(output).sort(), [
      'BCRYPT_COST',
      'PUBLIC_URL',
      'REDIS_URL',
      'SECRET',
      'SIGNING_KEYS',
      'SMTP_URL',
      'TRUST_PROXY',
      'TWO_FACTOR_MAX_ATTEMPTS'
    ])
    t.notMatch(output, /\n\s+at /, 'in words, without a stack')
  })

  await t.test('nothing embedded where other machines can reach it', async (t) => {
    t.strictSame(problems(await refused(t, { HOST: '0.0.0.0' })), ['REDIS_URL', 'SMTP_URL'])
  })

  await t.test('a Redis that may evict accounts', async (t) => {
    const redis = await startRedis(t, ['--maxmemory-policy', 'allkeys-lru'])
    const server = await startServer(t, settings(t, redis, { url: 'smtp://127.0.0.1:1' }), { wait: false })
    t.equal(await server.exited(), 1)
    t.match(server.output(), 'maxmemory-policy allkeys-lru')
    t.strictSame(await redis.client.keys('*'), [], 'nothing was written to it')
  })
})

t.test('a Redis without AOF is used, and warned of once; a port that is taken is refused', async (t) => {
  const redis = await startRedis(t, ['--appendonly', 'no'])
  const server = await startServer(t, settings(t, redis, await startSmtp(t)))
  await server.ready()
  await redis.restart()
  await server.ready()
  t.match(server.events('redis.warning').map(({ msg }) => msg), [/appendonly off/])
  t.equal(server.events('redis.warning').length, 1)

  const second = await startServer(t, { PORT: `${server.port}` }, { wait: false })
  t.equal(await second.exited(), 1, 'a second server on its port is refused')
  t.match(second.output(), 'EADDRINUSE')
})

t.test('SIGTERM under load: what was asked is answered, then the process ends with code 0', async (t) => {
  const redis = await startRedis(t)
  const server = await startServer(t, { ...settings(t, redis, await startSmtp(t)), BCRYPT_COST: '10' })
  const idle = server.browser()
  await idle.get('/health/live')
  // Connections that stand: one that the system has not handed over yet ends with the port, and nobody has seen what came on it.
  const browsers = Array.from({ length: 20 }, () => server.browser())
  await Promise.all(browsers.map(async (browser) => await browser.get('/health/live')))
  let answered = 0
  const asked = browsers.map(async (browser) => {
    const { email, password } = person()
    const { status, headers } = await browser.post('/auth/login', { email, password })
    if (++answered === 1) server.signal('SIGTERM')
    return `${status} ${String(headers['connection'])}`
  })
  const answers = await Promise.all(asked)
  t.equal(answers.filter((answer) => answer.startsWith('401 ')).length, 20, 'all twenty are answered')
  t.match(answers.at(-1), '401 close', 'and told to open another connection')
  t.equal(await server.exited(), 0)
  t.notMatch(server.output(), 'killed by timeout')
  await t.rejects(idle.get('/health/live'), { code: 'ECONNREFUSED' })
})

t.test('Ctrl-C in the middle of the start leaves no Redis behind', async (t) => {
  const cwd = newFolder(t)
  const server = await startServer(t, { PORT: `${await freePort()}` }, { cwd, wait: false })
  await server.logged('redis.ready')
  const { pid } = redisOf(join(cwd, '.data'))
  server.signal('SIGINT')
  t.equal(await server.exited(), 0)
  t.equal(processIdentity(pid), undefined)
})
