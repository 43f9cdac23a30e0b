import { execFileSync, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { startProgram } from '../support/program.ts'
import { shaped } from '../support/shapes.ts'
import { CODE, sendSignUp, startBrowser, visit } from './support/pages.ts'
import { freePort, person, type Product, startProduct } from './support/product.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const SECRET = `whsec_${Buffer.from('what a webhook is signed with, 32').toString('base64')}`
const browser = await startBrowser(t)

/** Resolves when the program has said it, with everything that it said. */
async function saying (child: ChildProcessWithoutNullStreams, what: RegExp): Promise<void> {
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => { said += String(chunk) })
  while (!what.test(said)) {
    await Promise.race([once(child.stdout, 'data'), once(child, 'exit').then(() => { throw new Error(`it ended: ${said}`) })])
  }
}

function endWith (t: Test, child: ChildProcessWithoutNullStreams): void {
  t.teardown(async () => {
    child.kill('SIGTERM')
    if (child.exitCode === null) await once(child, 'exit')
  })
}

/** The example as its README starts it. */
async function startNotes (t: Test): Promise<{ product: Product, app: string, notes: ChildProcessWithoutNullStreams }> {
  const port = await freePort()
  const app = `http://localhost:${port}`
  const product = await startProduct(t, {
    CORS_ORIGINS: app, EVENTS_WEBHOOK_URL: `http://127.0.0.1:${port}/events`, EVENTS_WEBHOOK_SECRET: SECRET
  })
  execFileSync('npm', ['run', '--silent', 'build', '-w', '@dvokrok/verify'], { cwd: root })
  const made = execFileSync(process.execPath, [
    join(root, 'dist/src/dvokrok.js'), 'service-key', 'add', 'notes', 'events:read,introspect'
  ], { env: { PATH: process.env['PATH'], DATA_DIR: product.dataDir }, encoding: 'utf8' })
  const notes = startProgram([join(root, 'examples/notes/server.js')], {
    DVOKROK_URL: product.base, SERVICE_KEY: /dvk_\w+/.exec(made)?.[0] ?? '', EVENTS_WEBHOOK_SECRET: SECRET, PORT: `${port}`
  })
  endWith(t, notes)
  await saying(notes, /Server listening/)
  return { product, app, notes }
}

t.test('the example is short', async (t) => {
  const lines = ['server.js', 'page.html'].flatMap((name) => readFileSync(join(root, 'examples/notes', name), 'utf8').trimEnd().split('\n'))
  t.ok(lines.length < 120, `${lines.length} lines`)
})

t.test('the example signs people in, keeps what is theirs, and forgets who deletes the account', async (t) => {
  const { product, app, notes } = await startNotes(t)
  const { page, open, complaints } = await visit(t, browser, product, { reducedMotion: 'reduce' })
  const who = person()
  await page.goto(app)
  await page.getByText('Nobody is signed in.').waitFor()
  await page.getByRole('link', { name: 'Sign in' }).click()
  await page.getByRole('link', { name: 'Create an account' }).click()
  await sendSignUp(page, who)
  await page.locator(CODE).pressSequentially(await product.code(who.email))
  await page.waitForURL(`${app}/`)
  await page.getByText(`Hello, ${who.name}`).waitFor()

  const token = new Promise<string>((resolve) => {
    page.on('request', (request) => {
      if (request.method() === 'POST' && request.url() === `${app}/notes`) resolve(request.headers()['authorization'] ?? '')
    })
  })
  await page.getByLabel('New note').fill('buy bread')
  await page.getByRole('button', { name: 'Add' }).click()
  await page.getByRole('listitem').getByText('buy bread').waitFor()
  await page.reload()
  await page.getByRole('listitem').getByText('buy bread').waitFor()
  const ask = async (authorization: string): Promise<number> => (await fetch(`${app}/notes`, { headers: { authorization } })).status
  t.strictSame([await ask(await token), await ask(''), await ask('Bearer x')], [200, 401, 401])

  const forgotten = saying(notes, /"isKnown":true,"msg":"account deleted"/)
  const settings = await open()
  await settings.goto(`${product.base}/settings`)
  await settings.getByRole('button', { name: 'Delete my account' }).click()
  await settings.getByRole('alertdialog').getByRole('textbox').fill(who.email)
  await settings.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click()
  await settings.waitForURL('**/login*')
  await forgotten
  t.equal(await ask(await token), 401)
  await page.reload()
  await page.getByText('Nobody is signed in.').waitFor()
  t.equal(await page.getByRole('listitem').count(), 0)
  t.strictSame(complaints, [])
})

t.test('the pages work under a prefix of another application: sign-up, a reload, settings, sign-out', async (t) => {
  const guide = readFileSync(join(root, 'docs/integrate.md'), 'utf8')
  const [, host = ''] = /<!-- mount -->\n```ts\n([\s\S]*?)```/.exec(guide) ?? []
  const port = await freePort()
  const base = `http://localhost:${port}`
  // Here, so that it finds what it imports.
  const folder = t.testdir({})
  writeFileSync(join(folder, 'host.mjs'), host.replace('port: 3000', `port: ${port}`))
  const child = startProgram([join(folder, 'host.mjs')], { PUBLIC_URL: base, DATA_DIR: join(folder, '.data'), BCRYPT_COST: '10' }, folder)
  endWith(t, child)
  child.stderr.pipe(process.stderr)
  while (!await fetch(`${base}/hello`).then(() => true, () => false)) await sleep(50)
  const context = await browser.newContext({ locale: 'en', baseURL: base })
  t.teardown(async () => { await context.close() })
  const page = await context.newPage()
  const failed: string[] = []
  page.on('response', (response) => { if (response.status() >= 404) failed.push(`${response.status()} ${response.url()}`) })
  page.on('pageerror', (error) => { failed.push(String(error)) })
  page.on('console', (message) => { if (message.text().includes('Content Security Policy')) failed.push(message.text()) })

  const who = person()
  await page.goto('/id/login?return_to=nowhere')
  await page.getByRole('link', { name: 'Create an account' }).click()
  await sendSignUp(page, who)
  await page.waitForURL('**/id/verify-otp?email=*')
  await page.reload()
  await page.locator(CODE).pressSequentially(await codeFor(who.email))
  await page.waitForURL(`${base}/id/dashboard`)
  await page.getByRole('heading', { name: `Hello, ${who.name}` }).waitFor()
  await page.reload()
  await page.getByRole('heading', { name: `Hello, ${who.name}` }).waitFor()
  await page.getByRole('link', { name: 'Settings' }).first().click()
  await page.waitForURL(`${base}/id/settings`)
  await page.getByRole('button', { name: 'Delete my account' }).waitFor()
  await page.goto('/id/logout')
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.waitForURL(/\/id\/login/)
  t.strictSame(failed, [])

  async function codeFor (email: string): Promise<string> {
    for (;;) {
      const answer = await fetch(`${base}/id/mailbox/messages?to=${encodeURIComponent(email)}`)
      const code = /^\d{6}/.exec(shaped<{ items: Array<{ subject: string }> }>(await answer.json()).items[0]?.subject ?? '')?.[0]
      if (code !== undefined) return code
      await sleep(50)
    }
  }
})
