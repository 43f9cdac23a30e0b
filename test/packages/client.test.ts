import { execFile } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { createRequire } from 'node:module'
import { once } from 'node:events'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import t, { type Test } from 'tap'
import { person } from '../support/app.ts'
import { newFolder, startServer } from '../support/process.ts'
import { json, portOf, shaped } from '../support/shapes.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const run = promisify(execFile)
const MOST_BYTES = 12 * 1024

interface Problem { code: string, status: number, retryAt: number, isTransient: boolean, fieldError: (path: string) => string | undefined }
interface SignedIn { twoFactorRequired?: boolean, user: { id: string, email: string }, pendingToken: string }
interface Options { onWork?: (isWorking: boolean) => void, token?: string | null }
interface Jar { getCookieString: (url: string) => string, setCookie: (cookie: string, url: string) => void }

interface Client {
  session: () => Promise<{ user: { id: string } | null }>
  state: { status: string, reason?: string | null }
  onChange: (listener: (state: { status: string }) => void) => () => void
  register: (body: object) => Promise<SignedIn>
  login: (body: object, options?: Options) => Promise<SignedIn>
  verifyOtp: (body: object, options?: Options) => Promise<SignedIn>
  resend: (body?: object) => Promise<{ resendAfterSeconds: number }>
  logout: () => Promise<void>
  loginUrl: (where?: { returnTo: string }) => string
  fetch: (url: string, init?: RequestInit) => Promise<Response>
  api: Record<'GET' | 'POST' | 'PATCH', (path: string, input?: object) => Promise<{ data: { user: { id: string, name: string } } }>>
}

/** What `npm install` of the tarball leaves in a project of somebody else. */
const home = newFolder(t)
await run('npm', ['pack', '--silent', '--pack-destination', home], { cwd: join(root, 'packages/client') })
const [tarball = ''] = readdirSync(home)
writeFileSync(join(home, 'package.json'), '{ "type": "module" }')
await run('npm', ['install', '--silent', '--offline', '--no-audit', '--no-fund', join(home, tarball)], { cwd: home })
writeFileSync(join(home, 'use.js'), "export * from '@dvokrok/client'\n")
const { createClient } = shaped<{ createClient: (options: { url: string, jar?: Jar, locale?: string }) => Client }>(
  await import(pathToFileURL(join(home, 'use.js')).href)
)
const installed = join(home, 'node_modules/@dvokrok/client')

const server = await startServer(t, { BCRYPT_COST: '10', CAPTCHA_AFTER: '2' })

/** A way to the server on which a test may answer instead of it; counts what was asked for. */
async function startProxy (t: Test) {
  const asked: string[] = []
  const answers: Array<(incoming: IncomingMessage, response: ServerResponse) => boolean> = []
  const proxy = createServer((incoming, response) => {
    const { method, url, headers } = incoming
    asked.push(`${method} ${url}`)
    if (answers.some((answer) => answer(incoming, response))) return
    incoming.pipe(request({ port: server.port, host: '127.0.0.1', method, path: url, headers }, (answer) => {
      answer.pipe(response.writeHead(answer.statusCode ?? 0, answer.headers))
    }))
  }).listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  t.teardown(() => {
    proxy.closeAllConnections()
    proxy.close()
  })
  return { url: `http://localhost:${portOf(proxy)}`, asked, answers }
}

const refuse = (response: ServerResponse, status: number, code: string, headers: Record<string, string> = {}): true => {
  response.writeHead(status, { 'content-type': 'application/problem+json', ...headers }).end(JSON.stringify({ code, status }))
  return true
}

function memoryJar (): Jar {
  const cookies = new Map<string, string>()
  return {
    getCookieString: () => [...cookies.values()].join('; '),
    setCookie: (cookie) => { cookies.set(cookie.split('=')[0] ?? '', cookie.split(';')[0] ?? '') }
  }
}

async function signUp (client: Client) {
  const who = person()
  await client.register(who)
  const { user } = await client.verifyOtp({ otp: await server.mailboxCode(who.email) })
  return { who, user }
}

const problemOf = async (promise: Promise<unknown>): Promise<Problem> =>
  await promise.then(() => { throw new Error('it was not refused') }, (problem: unknown) => shaped<Problem>(problem))

t.test('the tarball needs nothing else, is small, and holds no sources of ours beside the types', async (t) => {
  t.strictSame(readdirSync(join(home, 'node_modules')).filter((name) => !name.startsWith('.')), ['@dvokrok'])
  t.notOk(json(readFileSync(join(installed, 'package.json'), 'utf8'))['dependencies'])
  const files = readdirSync(join(installed, 'dist'))
  t.strictSame(files, ['client-solve.js', 'client-webauthn.js', 'client.js', 'types'])
  const size = gzipSync(readFileSync(join(installed, 'dist/client.js')), { level: 9 }).length
  t.comment(`client.js: ${size} bytes gzip`)
  t.ok(size < MOST_BYTES, `${size} bytes`)
  t.notMatch(readFileSync(join(installed, 'dist/client.js'), 'utf8'), /^import\b|\bfrom\s*"/m, 'nothing is loaded at once')
})

t.test('its types know the routes: right calls compile, wrong ones do not', async (t) => {
  writeFileSync(join(home, 'use.ts'), `
    import { ApiProblem, createClient, type SessionState } from '@dvokrok/client'
    const client = createClient({ url: 'http://localhost:3000', locale: 'uk' })
    const { user } = await client.session()
    const name: string | undefined = user?.name
    const { pendingToken } = await client.register({ name: 'Olena', email: 'olena@example.org', password: 'wooden-lantern-tide' })
    const token: string = pendingToken
    const answer = await client.login({ email: 'olena@example.org', password: 'wooden-lantern-tide' })
    if (answer.twoFactorRequired) await client.verifyOtp({ otp: '123456', method: 'totp' }, { token: answer.pendingToken })
    const { data } = await client.api.GET('/users/me/sessions')
    const ids: string[] = data.items.map(({ id }) => id)
    await client.api.PATCH('/users/{id}', { params: { path: { id: 'me' } }, body: { name: 'Olena' } })
    await client.api.GET('/users/me/activity', { params: { query: { cursor: 'x' } } })
    const stop = client.onChange((state: SessionState) => { if (state.status === 'signed-out') console.log(state.reason) })
    stop()
    try { await client.logout() } catch (error) { if (error instanceof ApiProblem && error.code === 'NETWORK') console.log(error.retryAt) }
    await client.passkeys.add({ name: 'Key' })
    const answered: Response = await client.fetch('/auth/me')
    // @ts-expect-error -- no such route
    await client.api.GET('/users/me/secrets')
    // @ts-expect-error -- not by this method
    await client.api.DELETE('/auth/me')
    // @ts-expect-error -- a body is needed
    await client.api.PUT('/users/password')
    // @ts-expect-error -- the path has a parameter
    await client.api.PATCH('/users/{id}', { body: { name: 'Olena' } })
    // @ts-expect-error -- a password is needed
    await client.login({ email: 'olena@example.org' })
    console.log(name, token, ids, answered)
  `)
  const compiler = join(dirname(createRequire(import.meta.url).resolve('typescript')), 'tsc.js')
  const types = ['--types', 'node', '--typeRoots', join(root, 'node_modules/@types')]
  for (const kind of [['--lib', 'ES2023', ...types], ['--lib', 'ES2023,DOM']]) {
    const options = ['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--module', 'nodenext', '--target', 'es2022', ...kind]
    const said = await run(process.execPath, [compiler, ...options, 'use.ts'], { cwd: home }).then(() => '', (error: unknown) =>
      shaped<{ stdout: string }>(error).stdout)
    t.equal(said, '', kind.join(' '))
  }
})

t.test('sign-up, a look, sign-out: each is heard', async (t) => {
  const client = createClient({ url: server.url })
  const heard: string[] = []
  client.onChange(({ status }) => { heard.push(status) })
  t.equal(client.state.status, 'unknown')
  t.strictSame(await client.session(), { user: null })
  const { user } = await signUp(client)
  t.equal((await client.session()).user?.id, user.id)
  t.equal((await client.api.GET('/auth/me')).data.user.id, user.id)
  await client.api.PATCH('/users/{id}', { params: { path: { id: 'me' } }, body: { name: 'Another' } })
  t.match(client.state, { status: 'signed-in', user: { name: 'Another' } }, 'what the server answers is known')
  const me = await client.fetch('/auth/me')
  t.equal(me.status, 200)
  await client.logout()
  t.strictSame(await client.session(), { user: null })
  t.match(await problemOf(client.fetch('/auth/me')), { code: 'TOKEN_MISSING', status: 401 })
  t.strictSame(heard, ['signed-out', 'signed-in', 'signed-in', 'signed-out'], 'only what is news')
  t.equal(client.state.status, 'signed-out')
})

t.test('a login goes on with its own code, and a session that ended elsewhere is told', async (t) => {
  const client = createClient({ url: server.url })
  const { who } = await signUp(client)
  const old = await server.mailboxCode(who.email)
  const second = createClient({ url: server.url })
  t.match(await second.login({ email: who.email, password: who.password }), { twoFactorRequired: true })
  let otp = old
  while (otp === old) otp = await server.mailboxCode(who.email)
  await second.verifyOtp({ otp })
  t.ok((await second.session()).user)
  await second.api.POST('/auth/logout-all')
  t.equal(second.state.status, 'signed-out')
  await problemOf(client.fetch('/auth/me'))
  t.match(client.state, { status: 'signed-out', reason: 'SESSION_ENDED' })
})

t.test('fifty calls at once refresh once, without a token and with one that is refused; the jar may be given', async (t) => {
  const proxy = await startProxy(t)
  const jar = memoryJar()
  await signUp(createClient({ url: proxy.url, jar }))
  const refreshes = (): number => proxy.asked.filter((one) => one === 'POST /auth/refresh').length

  const restarted = createClient({ url: proxy.url, jar })
  const answers = await Promise.all(Array.from({ length: 50 }, async () => await restarted.fetch('/auth/me')))
  t.ok(answers.every(({ status }) => status === 200))
  t.equal(refreshes(), 1)

  const refused = new Set<string>()
  proxy.answers.push(({ url, headers }, response) => {
    const token = headers.authorization ?? ''
    if (url !== '/auth/me' || (refused.size > 0 && !refused.has(token))) return false
    refused.add(token)
    return refuse(response, 401, 'TOKEN_EXPIRED')
  })
  const again = await Promise.all(Array.from({ length: 50 }, async () => await restarted.api.GET('/auth/me')))
  t.equal(again.length, 50)
  t.equal(refreshes(), 2)
})

t.test('it comes back when the server says so, if that is soon and harmless', async (t) => {
  const proxy = await startProxy(t)
  const client = createClient({ url: proxy.url })
  await signUp(client)
  let left = 1
  let wait = '1'
  proxy.answers.push((_incoming, response) => left-- > 0 && refuse(response, 503, 'SERVICE_UNAVAILABLE', { 'retry-after': wait }))
  t.equal((await client.fetch('/auth/me')).status, 200)

  left = 1
  const asked = proxy.asked.length
  const problem = await problemOf(client.login({ email: 'a@example.org', password: 'wooden-lantern-tide' }))
  t.match(problem, { code: 'SERVICE_UNAVAILABLE', status: 503, isTransient: true })
  t.ok(problem.retryAt > Date.now(), 'the caller is told when')
  t.equal(proxy.asked.length, asked + 1, 'what may have happened is not asked for twice')

  left = 1
  wait = '60'
  t.equal((await client.fetch('/auth/me')).status, 503, 'nobody waits for a minute')
})

t.test('a proof of work is loaded and given only when it is asked for', async (t) => {
  const client = createClient({ url: server.url })
  const { email } = person()
  const work: boolean[] = []
  const onWork = (isWorking: boolean): void => { work.push(isWorking) }
  for (let failures = 0; failures < 2; failures++) {
    t.match(await problemOf(client.login({ email, password: 'not-the-password' }, { onWork })), { code: 'CREDENTIALS_INVALID' })
    await server.wrote()
  }
  t.strictSame(work, [])
  t.match(await problemOf(client.login({ email, password: 'not-the-password' }, { onWork })), { code: 'CREDENTIALS_INVALID', status: 401 })
  t.strictSame(work, [true, false])
})

t.test('refusals have stable codes, also where no answer comes', async (t) => {
  const client = createClient({ url: server.url, locale: 'uk' })
  const weak = await problemOf(client.register({ ...person(), password: 'password' }))
  t.match(weak, { code: 'PASSWORD_WEAK', status: 400 })
  const invalid = await problemOf(client.register({ ...person(), name: '' }))
  t.match(invalid, { code: 'VALIDATION_FAILED' })
  t.match(invalid.fieldError('/name'), /[а-яії]/, 'in the language that was chosen')
  const who = person()
  await client.register(who)
  const right = await server.mailboxCode(who.email)
  const wrong = await problemOf(client.verifyOtp({ otp: right === '111111' ? '222222' : '111111' }))
  t.match(wrong, { code: 'OTP_INVALID', details: { attemptsLeft: 4 } })
  const early = await problemOf(client.resend())
  t.match(early, { code: 'RESEND_TOO_EARLY', status: 429 })
  t.ok(early.retryAt > Date.now())
  t.match(await problemOf(createClient({ url: 'http://localhost:1' }).session()), { code: 'NETWORK', status: 0, isTransient: true })
})

t.test('links to the pages carry the way back', async (t) => {
  const client = createClient({ url: 'https://id.example.org/' })
  t.equal(client.loginUrl(), 'https://id.example.org/login')
  t.equal(client.loginUrl({ returnTo: 'https://app.example.org/?a=b#c' }),
    'https://id.example.org/login?return_to=https%3A%2F%2Fapp.example.org%2F%3Fa%3Db%23c')
})
