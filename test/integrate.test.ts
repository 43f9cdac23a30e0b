import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { PROBLEMS } from '../src/errors.ts'
import { person, SECRET } from './support/app.ts'
import { buildPages } from './support/built-pages.ts'
import { dvokrok } from './support/commands.ts'
import { freePort, newFolder, settings, signUpThere, startServer } from './support/process.ts'
import { startProgram } from './support/program.ts'
import { startRedis } from './support/redis.ts'
import { portOf, shaped } from './support/shapes.ts'
import { startSmtp } from './support/smtp.ts'
import { pythonWithJwt } from './support/verifiers.ts'

t.setTimeout(600_000)

const root = fileURLToPath(new URL('..', import.meta.url))
const guide = readFileSync(join(root, 'docs/integrate.md'), 'utf8')
const LOOK_AGAIN_MS = 50
const TRIES = 600

/** The snippet of the guide, with what a test has to change; that it is there is a claim of its own. */
function snippet (t: Test, name: string, changes: Record<string, string>): string {
  let [, text = ''] = new RegExp(`<!-- ${name} -->\\n\`\`\`\\w+\\n([\\s\\S]*?)\`\`\``).exec(guide) ?? []
  for (const [from, to] of Object.entries(changes)) {
    t.ok(text.includes(from), `the snippet has ${from}`)
    text = text.replaceAll(from, to)
  }
  return text
}

const isMissing = (program: string, ...args: string[]): string | false =>
  spawnSync(program, args).status !== 0 && `${[program, ...args].join(' ')} does not run here`

/** A folder that a proxy which runs as somebody else can read, with an application in it. */
function folderWithApp (t: Test): string {
  const folder = newFolder(t)
  chmodSync(folder, 0o755)
  mkdirSync(join(folder, 'assets'))
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>My application</title>')
  writeFileSync(join(folder, 'assets/own.js'), 'own()')
  for (const path of ['index.html', 'assets/own.js']) chmodSync(join(folder, path), 0o644)
  chmodSync(join(folder, 'assets'), 0o755)
  return folder
}

function run (t: Test, program: string, args: string[], cwd: string): void {
  endWith(t, spawn(program, args, { cwd, stdio: 'ignore', env: { PATH: process.env['PATH'], HOME: cwd } }))
}

function startNginx (t: Test, folder: string, server: string): void {
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`).join('\n')
  writeFileSync(join(folder, 'nginx.conf'), `daemon off; pid ${folder}/pid; error_log stderr warn;
    events {} http { access_log off; types { text/html html; text/javascript js; } ${paths}\n${server} }`)
  run(t, 'nginx', ['-p', folder, '-c', join(folder, 'nginx.conf')], folder)
}

function endWith (t: Test, child: ChildProcess): void {
  t.teardown(async () => {
    child.kill('SIGTERM')
    if (child.exitCode === null) await once(child, 'exit')
  })
}

/** Resolves when the proxy takes connections: it tells nobody. */
async function reachable (url: string): Promise<void> {
  for (let tries = 0; tries < TRIES; tries++) {
    if (await fetch(url).then(() => true, () => false)) return
    await sleep(LOOK_AGAIN_MS)
  }
  throw new Error(`nothing answers at ${url}`)
}

/** The application, the pages and the API answer at one origin, and a sign-up sets its cookie there. */
async function checkOneOrigin (t: Test, origin: string, { hasOwnAssets }: { hasOwnAssets: boolean }): Promise<void> {
  await reachable(origin)
  t.match(await (await fetch(`${origin}/`)).text(), 'My application')
  const page = await fetch(`${origin}/login?return_to=${encodeURIComponent(`${origin}/x#y`)}`, { headers: { accept: 'text/html' } })
  const html = await page.text()
  t.match(page.headers.get('content-security-policy'), /'nonce-/)
  t.match(html, `data-return-to="${origin}/x#y"`)
  const script = /<script[^>]* src="([^"]+)"/.exec(html)?.[1] ?? ''
  t.match((await fetch(origin + script)).headers.get('content-type'), /javascript/, script)
  if (hasOwnAssets) t.equal(await (await fetch(`${origin}/assets/own.js`)).text(), 'own()')
  for (const path of ['/register', '/verify-otp', '/forgot-password', '/dashboard', '/settings', '/logout', '/disown']) {
    t.match(await (await fetch(origin + path, { headers: { accept: 'text/html' } })).text(), 'data-request-id', path)
  }
  t.strictSame(await (await fetch(`${origin}/auth/session`)).json(), { user: null })
  t.match(await (await fetch(`${origin}/.well-known/jwks.json`)).json(), { keys: [{}] })
  const signUp = await fetch(`${origin}/auth/register`, {
    method: 'POST', body: JSON.stringify(person()), headers: { 'content-type': 'application/json', origin, 'sec-fetch-site': 'same-origin' }
  })
  t.equal(signUp.status, 201)
  t.match(signUp.headers.getSetCookie(), [/^pending=/])
}

buildPages()

t.test('nginx as the guide has it: one origin for application, pages and API', { skip: isMissing('nginx', '-v') }, async (t) => {
  const port = await freePort()
  const origin = `http://localhost:${port}`
  const { port: upstream } = await startServer(t, { PUBLIC_URL: origin, APP_URL: `${origin}/` })
  const folder = folderWithApp(t)
  const server = snippet(t, 'nginx', { 8080: String(port), '/var/www/app': folder, '127.0.0.1:3000': `127.0.0.1:${upstream}` })
  startNginx(t, folder, server)
  await checkOneOrigin(t, origin, { hasOwnAssets: true })
})

t.test('Caddy as the guide has it', { skip: isMissing('caddy', 'version') }, async (t) => {
  const port = await freePort()
  const origin = `http://localhost:${port}`
  const { port: upstream } = await startServer(t, { PUBLIC_URL: origin, APP_URL: `${origin}/` })
  const folder = folderWithApp(t)
  const site = snippet(t, 'caddy', {
    'app.example.org': origin, '/var/www/app': folder, '127.0.0.1:3000': `127.0.0.1:${upstream}`
  })
  writeFileSync(join(folder, 'Caddyfile'), `{\n\tadmin off\n}\n${site}`)
  run(t, 'caddy', ['run', '--config', join(folder, 'Caddyfile'), '--adapter', 'caddyfile'], folder)
  await checkOneOrigin(t, origin, { hasOwnAssets: true })
})

t.test('Vite as the guide has it', async (t) => {
  const port = await freePort()
  const origin = `http://localhost:${port}`
  const { port: upstream } = await startServer(t, { PUBLIC_URL: origin, APP_URL: `${origin}/` })
  // Here, so that its configuration finds Vite.
  const folder = t.testdir({ 'index.html': '<!doctype html><title>My application</title>' })
  const config = snippet(t, 'vite', { 5173: String(port), '127.0.0.1:3000': `127.0.0.1:${upstream}` })
  writeFileSync(join(folder, 'vite.config.js'), config)
  endWith(t, startProgram([join(root, 'node_modules/vite/bin/vite.js')], {}, folder))
  await checkOneOrigin(t, origin, { hasOwnAssets: false })
})

/** A server with a person who is signed in, and who is signed out again. */
async function startWithPerson (t: Test, env: Record<string, string> = {}) {
  const [redis, smtp] = [await startRedis(t), await startSmtp(t)]
  const port = await freePort()
  const server = await startServer(t, { ...settings(t, redis, smtp), PORT: `${port}`, ...env })
  await server.ready()
  return { server, redis, ...await signUpThere(server, smtp) }
}

t.test('jose as the guide has it', async (t) => {
  const { server, token } = await startWithPerson(t)
  // Here, so that it finds jose.
  const folder = t.testdir({ 'check.mjs': snippet(t, 'jose', { 'http://localhost:3000': server.url }) })
  const { check } = shaped<{ check: (token: string) => Promise<Record<string, unknown>> }>(await import(join(folder, 'check.mjs')))
  t.match(await check(token), { iss: server.url, '2fa': true, amr: ['pwd', 'otp'] })
  await t.rejects(check(`${token.slice(0, -4)}AAAA`))
})

t.test('the verifier as the guide has it: it refuses a session that was just ended', async (t) => {
  const { server, browser, token, redis } = await startWithPerson(t)
  execFileSync('npm', ['run', '--silent', 'build', '-w', '@dvokrok/verify'], { cwd: root })
  const { out } = await dvokrok(['service-key', 'add', 'orders', 'events:read,introspect'], { REDIS_URL: redis.url, SECRET }, newFolder(t))
  // Here, so that it finds the package.
  const folder = t.testdir({ 'orders.mjs': snippet(t, 'verify', { 'http://localhost:3000': server.url }) })
  const port = await freePort()
  const env = { PORT: `${port}`, SERVICE_KEY: /dvk_\w+/.exec(out)?.[0] ?? '' }
  endWith(t, startProgram([join(folder, 'orders.mjs')], env, folder))
  await reachable(`http://localhost:${port}`)
  const ask = async (authorization: string): Promise<[number, string]> => {
    const answer = await fetch(`http://localhost:${port}`, { headers: { authorization } })
    return [answer.status, await answer.text()]
  }
  t.match(await ask(`Bearer ${token}`), [200, /^orders of \w/])
  t.strictSame([await ask(''), await ask('Bearer x')], [[401, 'TOKEN_MISSING'], [401, 'TOKEN_INVALID']])
  await browser.post('/auth/logout', undefined, { token })
  while ((await ask(`Bearer ${token}`))[0] === 200) await sleep(LOOK_AGAIN_MS)
  t.strictSame(await ask(`Bearer ${token}`), [401, 'SESSION_ENDED'])
})

t.test('a receiver of webhooks as the guide has it hears that an account was deleted, and believes nobody else', async (t) => {
  const secret = `whsec_${Buffer.from('what a webhook is signed with, 32').toString('base64')}`
  const folder = t.testdir({ 'receiver.mjs': snippet(t, 'webhook', {}) })
  const port = await freePort()
  const receiver = startProgram([join(folder, 'receiver.mjs')], { PORT: `${port}`, EVENTS_WEBHOOK_SECRET: secret }, folder)
  endWith(t, receiver)
  await reachable(`http://localhost:${port}`)
  const event = JSON.stringify({ type: 'account.deleted', subject: 'nobody' })
  const headers = { 'webhook-id': 'x', 'webhook-timestamp': `${Math.floor(Date.now() / 1000)}`, 'webhook-signature': 'v1,AAAA' }
  t.equal((await fetch(`http://localhost:${port}`, { method: 'POST', body: event, headers })).status, 400)
  const { browser, token, id } = await startWithPerson(t, {
    EVENTS_WEBHOOK_URL: `http://127.0.0.1:${port}`, EVENTS_WEBHOOK_SECRET: secret
  })
  const heard = once(receiver.stdout, 'data')
  t.match(await browser.call('DELETE', '/users/me', undefined, { token }), { status: 204 })
  t.equal(String((await heard)[0]).trim(), `forget ${id}`)
})

t.test('the guide says of each refusal what to do', async (t) => {
  const [, part = ''] = /### What refusals mean\n([\s\S]*?)\n### /.exec(guide) ?? []
  for (const [code, status] of Object.entries(PROBLEMS)) t.match(part, new RegExp(`${status}[^|]*\`${code}\``), code)
})

t.test('PyJWT as the guide has it', {
  skip: pythonWithJwt === undefined && 'no python3 here can import jwt (Debian: python3-jwt)'
}, async (t) => {
  const python = pythonWithJwt ?? ''
  const { server, token } = await startWithPerson(t)
  const folder = newFolder(t)
  const text = snippet(t, 'python', { 'http://localhost:3000': server.url })
  writeFileSync(join(folder, 'check.py'), `${text}\nimport json, sys\nprint(json.dumps(check(sys.argv[1])))\n`)
  const said = spawnSync(python, ['check.py', token], { cwd: folder, encoding: 'utf8' })
  t.match(JSON.parse(said.stdout), { iss: server.url, '2fa': true }, said.stderr)
  t.not(spawnSync(python, ['check.py', `${token.slice(0, -4)}AAAA`], { cwd: folder }).status, 0)
})

t.test('nginx asks before it passes a request on, as the guide has it', { skip: isMissing('nginx', '-v') }, async (t) => {
  const { server, browser, token } = await startWithPerson(t)
  const upstream = createServer((_request, response) => { response.end('orders') }).listen(0, '127.0.0.1')
  await once(upstream, 'listening')
  t.teardown(() => { upstream.close() })
  const port = await freePort()
  const folder = newFolder(t)
  chmodSync(folder, 0o755)
  const site = snippet(t, 'auth-request', {
    8080: `${port}`, '127.0.0.1:4000': `127.0.0.1:${portOf(upstream)}`, '127.0.0.1:3000': `127.0.0.1:${server.port}`
  })
  startNginx(t, folder, site)
  await reachable(`http://localhost:${port}`)
  const ask = async (headers: Record<string, string> = {}): Promise<number> =>
    (await fetch(`http://localhost:${port}/orders`, { headers })).status
  const headers = { authorization: `Bearer ${token}` }
  t.strictSame([await ask(), await ask(headers)], [401, 200])
  await browser.post('/auth/logout', undefined, { token })
  t.equal(await ask(headers), 401)
})
