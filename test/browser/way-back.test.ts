import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { hostileAddresses } from '../support/hostile-addresses.ts'
import { shaped } from '../support/shapes.ts'
import { AXE, violations } from './support/axe.ts'
import { CODE, givePassword, sendSignUp, startBrowser, visit } from './support/pages.ts'
import { otherCode, type Person, person, startProduct } from './support/product.ts'
import { startSmallApp } from './support/small-app.ts'

const GUIDE = readFileSync(fileURLToPath(new URL('../../docs/integrate.md', import.meta.url)), 'utf8')
const [, PAGE = ''] = /<!-- page -->\n```html\n([\s\S]*?)```/.exec(GUIDE) ?? []
const [, CLIENT_PAGE = ''] = /<!-- client -->\n```html\n([\s\S]*?)```/.exec(GUIDE) ?? []

let base = ''
const app = await startSmallApp(t, () => PAGE.replace('http://localhost:3000', base))
const clientApp = await startSmallApp(t, () => CLIENT_PAGE.replaceAll('http://localhost:3000', base))
const product = await startProduct(t, { BRAND_NAME: 'Kobzar', CORS_ORIGINS: `${app},${clientApp}` })
base = product.base
const browser = await startBrowser(t)
const to = (address: string): string => `return_to=${encodeURIComponent(address)}`
const HERE = `${app}/?a=b&c=%D1%97#part`

t.test('the page of the guide is short', async (t) => {
  t.ok(PAGE.split('\n').length < 20 && PAGE.includes('/auth/session'), `${PAGE.split('\n').length} lines`)
})

t.test('“Sign in” of an application: sign-up with a code, back where one was, signed in; both ends sign out for both', async (t) => {
  const { page, open, complaints, context } = await visit(t, browser, product, { reducedMotion: 'reduce' })
  await context.addInitScript({ path: AXE })
  const who = person()
  await page.goto(HERE)
  await page.getByText('Nobody is signed in.').waitFor()
  await page.getByRole('link', { name: 'Sign in' }).click()
  await page.getByRole('link', { name: 'Create an account' }).click()
  await sendSignUp(page, who)
  await page.locator(CODE).waitFor()
  await page.reload()
  await page.locator(CODE).pressSequentially(await product.code(who.email))
  await page.waitForURL(HERE)
  await page.getByText(`Hello, ${who.name}`).waitFor()
  t.match(await refreshed(), [200, { user: { email: who.email } }], 'the application gets an access token')

  const pages = await open()
  await pages.goto(`${base}/dashboard`)
  await pages.getByRole('heading', { name: `Hello, ${who.name}` }).waitFor()
  const signOut = async (url: string): Promise<number> =>
    (await fetch(`${url}/auth/logout`, { method: 'POST', credentials: 'include' })).status
  t.equal(await page.evaluate(signOut, base), 204)
  await pages.reload()
  await pages.waitForURL('**/login*')
  t.pass('signed out in the application, the pages know')

  await pages.goto(`${base}/login?${to(HERE)}`)
  await signIn(pages, who)
  await pages.waitForURL(HERE)
  await pages.getByRole('link', { name: 'Sign out' }).click()
  await pages.getByRole('heading', { name: 'Sign out?' }).waitFor()
  t.strictSame(await violations(pages), [])
  t.match(await refreshed(), [200], 'a link alone signs nobody out')
  await pages.getByRole('button', { name: 'Sign out' }).click()
  await pages.waitForURL(HERE)
  await pages.getByText('Nobody is signed in.').waitFor()
  t.match(await refreshed(), [401], 'signed out on the pages, the application knows')
  t.strictSame(complaints, [])

  async function refreshed (): Promise<unknown> {
    return await page.evaluate(async (url): Promise<unknown> => {
      const answer = await fetch(`${url}/auth/refresh`, { method: 'POST', credentials: 'include' })
      return [answer.status, await answer.json()]
    }, base)
  }
})

t.test('with the client of the guide: sign-in, a second tab, one refresh for both, sign-out in both', async (t) => {
  const { page, context, open, complaints } = await visit(t, browser, product, { reducedMotion: 'reduce' })
  const who = await account()
  await page.goto(clientApp)
  await page.getByText('Nobody is signed in.').waitFor()
  await page.getByRole('link', { name: 'Sign in' }).click()
  await signIn(page, who)
  await page.waitForURL(`${clientApp}/`)
  await page.getByText(`Hello, ${who.name}`).waitFor()

  const other = await open()
  await other.goto(clientApp)
  await other.getByText(`Hello, ${who.name}`).waitFor()
  const refreshes: string[] = []
  context.on('request', (request) => { if (request.url().endsWith('/auth/refresh')) refreshes.push(request.method()) })
  const make = `import('${base}/client.js').then(({ createClient }) => { window.client = createClient({ url: '${base}' }) })`
  const fetchMe = `Promise.all(Array.from({ length: 10 }, async () => (await window.client.fetch('${base}/auth/me')).status))`
  for (const tab of [page, other]) await tab.evaluate(make)
  const answers: unknown[] = await Promise.all([page, other].map(async (tab) => await tab.evaluate(fetchMe)))
  t.strictSame(answers.flat(), Array.from({ length: 20 }, () => 200))
  t.strictSame(refreshes, ['POST'], 'two tabs, twenty calls')
  await page.getByRole('button', { name: 'Sign out' }).click()
  for (const tab of [page, other]) await tab.getByText('Nobody is signed in.').waitFor()
  t.strictSame(complaints, [])
})

t.test('the way back survives wrong passwords and codes, login and sign-up in turn, a reset and reloads', async (t) => {
  const { page } = await visit(t, browser, product)
  const who = await account()
  await page.goto(`/login?${to(HERE)}`)
  await givePassword(page, { ...who, password: 'wrong' })
  await page.getByRole('alert').waitFor()
  await page.getByRole('link', { name: 'Create an account' }).click()
  await page.waitForURL('**/register?*')
  await page.reload()
  await page.getByRole('link', { name: 'Sign in' }).click()
  await page.getByRole('link', { name: 'Forgot your password?' }).click()
  await page.getByLabel('Email', { exact: true }).fill(who.email)
  const earlier = await product.code(who.email)
  await page.getByRole('button', { name: 'Send the code' }).click()
  await page.locator(CODE).waitFor()
  await page.reload()
  await page.locator(CODE).pressSequentially(await product.code(who.email, earlier))
  const changed = { ...who, password: `${who.password}-new` }
  await page.getByLabel('New password', { exact: true }).fill(changed.password)
  await page.getByRole('button', { name: 'Save the new password' }).click()
  await page.waitForURL('**/login?*')
  const before = await product.code(who.email)
  await givePassword(page, changed)
  await page.locator(CODE).waitFor()
  const right = await product.code(who.email, before)
  await page.locator(CODE).pressSequentially(otherCode(right))
  await page.getByRole('alert').waitFor()
  await page.reload()
  await page.locator(CODE).pressSequentially(right)
  await page.waitForURL(HERE)
  t.pass('back')
})

t.test('who is signed in goes straight on; a tab that waits follows when another one is done; settings lead back', async (t) => {
  const { page, open } = await visit(t, browser, product)
  const who = await account()
  const waiting = await open()
  await waiting.goto(`/register?${to(HERE)}`)
  await waiting.getByLabel('Your name').waitFor()
  await page.goto('/login')
  await signIn(page, who)
  await page.waitForURL('**/dashboard')
  await waiting.waitForURL(HERE)
  for (const path of ['/login', '/verify-otp']) {
    await waiting.goto(`${base}${path}?${to(HERE)}`)
    await waiting.waitForURL(HERE)
  }
  await page.goto(`/settings?${to(HERE)}`)
  t.equal(await page.getByRole('link', { name: 'Continue to Kobzar' }).getAttribute('href'), HERE)
  await page.evaluate(async () => { await fetch('/auth/logout', { method: 'POST' }) })
  await page.reload()
  await page.waitForURL('**/login?*')
  await signIn(page, who)
  await page.waitForURL('**/settings?*')
  t.equal(await page.getByRole('link', { name: 'Continue to Kobzar' }).getAttribute('href'), HERE)
})

t.test('nobody is sent to an address that is not listed', async (t) => {
  const { page } = await visit(t, browser, product)
  await page.goto('/login')
  await signIn(page, await account())
  await page.waitForURL('**/dashboard')
  for (const address of [...hostileAddresses.slice(0, 12), 'javascript:alert(1)', `${base}.evil.example/`, 'https://evil.example/']) {
    await page.goto(`/login?${to(address)}`)
    await page.waitForURL(`${base}/dashboard`)
  }
  t.pass('only to the dashboard')
})

t.test('an application that sends everybody back at once ends in a sentence, not in a circle', async (t) => {
  let login = ''
  const circle = await startSmallApp(t, (origin) => `<script>location.replace('${login}?${to(`${origin}/`)}')</script>`)
  const other = await startProduct(t, { BRAND_NAME: 'Kobzar', APP_URL: circle })
  login = `${other.base}/login`
  const { page } = await visit(t, browser, other)
  const who = await account(other)
  await page.goto('/login')
  const old = await other.code(who.email)
  await givePassword(page, who)
  await page.locator(CODE).pressSequentially(await other.code(who.email, old))
  await page.getByRole('heading', { name: 'You’re signed in' }).waitFor()
  t.equal(await page.getByRole('link', { name: 'Continue to Kobzar' }).getAttribute('href'), `${circle}/`)
})

/** A confirmed account, made without a browser. */
async function account (at = product): Promise<Person> {
  const who = person()
  const { pendingToken } = shaped<{ pendingToken: string }>(await (await at.post('/auth/register', who)).json())
  const otp = await at.code(who.email)
  await at.post('/auth/verify-otp', { otp }, { authorization: `Bearer ${pendingToken}` })
  return who
}

async function signIn (page: Parameters<typeof givePassword>[0], who: Person): Promise<void> {
  const old = await product.code(who.email)
  await givePassword(page, who)
  await page.locator(CODE).waitFor()
  await page.locator(CODE).pressSequentially(await product.code(who.email, old))
}
