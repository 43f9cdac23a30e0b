import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { person } from './support/app.ts'
import { buildPages } from './support/built-pages.ts'
import { freePort, newFolder, startServer } from './support/process.ts'
import { startProgram } from './support/program.ts'

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

const isMissing = (program: string, ...args: string[]): string | false => spawnSync(program, args).status !== 0 && `${program} is not here`

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
  for (const path of ['/register', '/verify-otp', '/forgot-password', '/dashboard', '/settings', '/logout']) {
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
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`).join('\n')
  writeFileSync(join(folder, 'nginx.conf'), `daemon off; pid ${folder}/pid; error_log stderr warn;
    events {} http { access_log off; types { text/html html; text/javascript js; } ${paths}\n${server} }`)
  run(t, 'nginx', ['-p', folder, '-c', join(folder, 'nginx.conf')], folder)
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
