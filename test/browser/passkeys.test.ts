import type { Page } from 'playwright-core'
import t from 'tap'
import { call, CODE, givePassword, signUp, startBrowser, visit } from './support/pages.ts'
import { addKey, countAsked, offered, signOut, withoutPasskeys } from './support/passkeys.ts'
import { startProduct } from './support/product.ts'
import { startSmallApp } from './support/small-app.ts'
import { plugIn } from './support/virtual-authenticator.ts'

const target = '<main><h1>The application</h1></main>'
const app = await startSmallApp(t, () => target)
const product = await startProduct(t, { RETURN_ORIGINS: app })
const browser = await startBrowser(t)

const BUTTON = 'Sign in with a passkey'
const dashboard = async (page: Page): Promise<void> => { await page.getByRole('heading', { name: 'Hello, Olena' }).waitFor() }

/** A person whose browser has a passkey, and who is signed out. */
async function withKey (test: Parameters<typeof visit>[0]) {
  const visitor = await visit(test, browser, product)
  const { page, context } = visitor
  await context.addInitScript(countAsked)
  const key = await plugIn(page)
  const who = await signUp(product, page)
  const id = await addKey(page, key)
  await signOut(page)
  return { ...visitor, key, who, id }
}

t.test('one click and the prompt sign in, and lead on to where the person came from', async (t) => {
  const { page, key, complaints } = await withKey(t)
  let clicks = 0
  for (const [from, arrived] of [
    ['/login', async () => { await dashboard(page) }],
    ['/login?next=%2Fsettings', async () => { await page.waitForURL('**/settings') }],
    [`/login?return_to=${encodeURIComponent(`${app}/there?a=b#c`)}`, async () => { await page.waitForURL(`${app}/there?a=b#c`) }]
  ] as const) {
    await page.goto(from)
    const button = page.getByRole('button', { name: BUTTON })
    await button.waitFor()
    await offered(page)
    await key.touch(true)
    await button.click()
    clicks++
    await arrived()
    await key.touch(false)
    await signOut(page)
  }
  t.equal(clicks, 3, 'nothing was typed')
  t.strictSame(complaints, [])
})

t.test('a passkey that is chosen in the address field signs in', async (t) => {
  const { page, key, complaints } = await withKey(t)
  await page.goto('/login')
  t.equal(await page.getByLabel('Email', { exact: true }).getAttribute('autocomplete'), 'username webauthn')
  await key.touch(true)
  await page.goto('/login')
  await dashboard(page)
  t.strictSame(complaints, [])
})

t.test('the button works while the address field still offers passkeys; that offer comes back when the prompt is declined', async (t) => {
  const { page, key, complaints } = await withKey(t)
  await page.goto('/login')
  await offered(page)
  await key.verifyUser(false)
  await key.touch(true)
  await page.getByRole('button', { name: BUTTON }).click()
  await page.getByRole('alert').getByText('No passkey was used').waitFor()
  await key.touch(false)
  await offered(page, 3)
  t.ok(await page.getByRole('button', { name: BUTTON }).isEnabled(), 'it may be tried again')
  await page.getByLabel('Email', { exact: true }).fill('olena@example.org')
  t.equal(await page.getByRole('alert').count(), 0, 'the sentence goes when something else is done')
  await page.goto('/login')
  await offered(page)
  await key.verifyUser(true)
  await key.touch(true)
  await page.getByRole('button', { name: BUTTON }).click()
  await dashboard(page)
  t.strictSame(complaints, [])
})

t.test('a passkey that was removed here is told of, and the browser forgets it; the password still signs in', async (t) => {
  const { page, key, id, who } = await withKey(t)
  await page.goto('/login')
  await offered(page)
  await key.touch(true)
  await page.getByRole('button', { name: BUTTON }).click()
  await dashboard(page)
  await key.touch(false)
  await call(page, 'DELETE', `/users/me/passkeys/${id}`).catch(() => {})
  await signOut(page)
  t.equal((await key.credentials()).length, 1)
  const forgotten = key.heard('credentialDeleted')
  await page.goto('/login')
  await offered(page)
  await key.touch(true)
  await page.getByRole('button', { name: BUTTON }).click()
  const alert = page.getByRole('alert')
  await alert.getByText('This passkey did not work').waitFor()
  t.match(await alert.innerText(), /delete it in your browser or password manager too/)
  await forgotten
  t.strictSame(await key.credentials(), [])
  const old = await product.code(who.email)
  await givePassword(page, who)
  await page.locator(CODE).pressSequentially(await product.code(who.email, old))
  await dashboard(page)
})

t.test('a passkey of an account that came from another system is not forgotten', async (t) => {
  const { page, key } = await withKey(t)
  await page.goto('/login')
  await offered(page)
  await page.route('**/auth/passkeys/verify', async (route) => {
    await route.fulfill({
      status: 400, contentType: 'application/problem+json', body: JSON.stringify({ code: 'PASSKEY_INVALID', status: 400 })
    })
  })
  await page.evaluate(() => {
    const get = navigator.credentials.get.bind(navigator.credentials)
    navigator.credentials.get = async (options) => {
      const made = await get(options)
      Object.defineProperty(Reflect.get(made ?? {}, 'response'), 'userHandle', { value: new TextEncoder().encode('person-17').buffer })
      return made
    }
  })
  await key.touch(true)
  await page.getByRole('button', { name: BUTTON }).click()
  await page.getByRole('alert').getByText('This passkey did not work').waitFor()
  t.equal((await key.credentials()).length, 1)
})

t.test('what is to be signed is renewed before it is too old, and stops with the page', async (t) => {
  const { page, context } = await visit(t, browser, product)
  await context.addInitScript(countAsked)
  await plugIn(page)
  await page.clock.install()
  const asked: string[] = []
  page.on('request', (request) => { if (request.url().endsWith('/auth/passkeys/options')) asked.push(request.url()) })
  await page.goto('/login')
  await page.getByRole('button', { name: BUTTON }).waitFor()
  await page.clock.runFor(6000)
  await offered(page)
  await page.clock.runFor(3 * 60_000)
  t.equal(asked.length, 1)
  // In small steps: the clock that is turned is also that of requests on their way.
  for (let step = 0; step < 12 && asked.length === 1; step++) await page.clock.runFor(10_000)
  await offered(page, 2)
  t.equal(asked.length, 2)
  await page.getByRole('link', { name: 'Create an account' }).click()
  await page.getByLabel('Your name').waitFor()
  await page.clock.runFor(10 * 60_000)
  t.equal(asked.length, 2)
})

t.test('two tabs ask at once; when one signs in the other follows', async (t) => {
  const { page, key, open, complaints } = await withKey(t)
  const second = await open()
  const key2 = await plugIn(second)
  await page.goto('/login')
  await second.goto('/login')
  await offered(second)
  await offered(page)
  await key.touch(true)
  await page.getByRole('button', { name: BUTTON }).click()
  await dashboard(page)
  await dashboard(second)
  t.strictSame(await key2.credentials(), [])
  t.strictSame(complaints, [])
})

t.test('a sign-up that waits for its code in another tab goes on, although the sign-in page has asked for a passkey', async (t) => {
  const { page, open } = await visit(t, browser, product)
  await page.goto('/register')
  const email = `second.tab.${Date.now()}@example.org`
  await page.getByLabel('Your name').fill('Olena')
  await page.getByLabel('Email', { exact: true }).fill(email)
  await page.getByLabel('Password', { exact: true }).fill('wooden-lantern-tide')
  await page.getByRole('button', { name: 'Create account' }).click()
  await page.waitForURL('**/verify-otp?email=*')
  const other = await open()
  const asked = other.waitForResponse('**/auth/passkeys/options')
  await other.goto('/login')
  await asked
  await other.goto(`/verify-otp?email=${encodeURIComponent(email)}`)
  await other.locator('[data-input-otp]').pressSequentially(await product.code(email))
  await dashboard(other)
  t.pass()
})

t.test('a browser without passkeys is shown none', async (t) => {
  const { page, context, complaints } = await visit(t, browser, product)
  await context.addInitScript(withoutPasskeys)
  await page.clock.install()
  let asked = 0
  page.on('request', (request) => { if (request.url().includes('/passkeys/')) asked++ })
  await page.goto('/login')
  await page.getByRole('button', { name: 'Continue' }).waitFor()
  await page.clock.runFor(10_000)
  t.notMatch(await page.locator('body').innerText(), /passkey/i)
  t.equal(asked, 0)
  t.strictSame(complaints, [])
})
