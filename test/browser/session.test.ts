import type { Page } from 'playwright-core'
import t from 'tap'
import { CODE, givePassword, signUp, startBrowser, tokenIn, visit } from './support/pages.ts'
import { otherCode, startProduct } from './support/product.ts'

const product = await startProduct(t)
const browser = await startBrowser(t)
const ACCESS_TOKEN_LIFE = '15:00'

const lookAgain = async (page: Page): Promise<void> => {
  await page.evaluate(() => {
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))
  })
}
const inside = async (page: Page): Promise<void> => { await page.getByRole('heading', { name: 'Hello, Olena' }).waitFor() }

t.test('a reload restores the session, and no token is written anywhere', async (t) => {
  const { page, context } = await visit(t, browser, product)
  await signUp(product, page)
  await page.reload()
  await inside(page)
  const kept = await page.evaluate(async () =>
    JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, await indexedDB.databases()])
  )
  t.notMatch(kept, /eyJ/)
  const [refresh] = (await context.cookies()).filter(({ name }) => name === 'refresh')
  t.match(refresh, { httpOnly: true, sameSite: 'Strict' })
})

t.test('two tabs whose token ends together refresh once, and both go on', async (t) => {
  const { page, context, open, complaints } = await visit(t, browser, product)
  await context.clock.install()
  await signUp(product, page)
  const other = await open()
  await other.goto('/dashboard')
  await inside(other)

  const refreshes: string[] = []
  const tokens: string[] = []
  context.on('request', (request) => {
    if (request.url().endsWith('/auth/refresh')) refreshes.push(request.method())
    if (request.url().endsWith('/auth/me')) tokens.push(request.headers()['authorization'] ?? '')
  })
  // Held until both tabs want a token, so that it is a race.
  await context.route('**/auth/refresh', async (route) => {
    await page.waitForFunction(async () => {
      const { held, pending } = await navigator.locks.query()
      return held?.length === 1 && pending?.length === 1
    })
    await route.continue()
  })
  for (const tab of [page, other]) await tab.clock.fastForward(ACCESS_TOKEN_LIFE)
  const answers = [page, other].map(async (tab) => (await tab.waitForResponse('**/auth/me')).status())
  await Promise.all([lookAgain(page), lookAgain(other)])
  t.strictSame(await Promise.all(answers), [200, 200])
  t.strictSame(refreshes, ['POST'], 'one refresh for both')
  t.equal(new Set(tokens).size, 1, 'its token is handed to the other')
  t.strictSame(complaints, [])
})

t.test('signing out is heard by every tab', async (t) => {
  const { page, open } = await visit(t, browser, product)
  await signUp(product, page)
  const other = await open()
  await other.goto('/dashboard')
  await inside(other)
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.waitForURL('**/login')
  await other.waitForURL('**/login')
  await t.resolves(other.getByText('You’ve signed out.').waitFor())
  await page.goto('/dashboard')
  await page.waitForURL('**/login')
})

t.test('a session ended from elsewhere lands on the login with the reason, and returns to the wanted page', async (t) => {
  const { page } = await visit(t, browser, product)
  const who = await signUp(product, page)
  const elsewhere = await visit(t, browser, product)
  const old = await product.code(who.email)
  await elsewhere.page.goto('/login')
  await givePassword(elsewhere.page, who)
  await elsewhere.page.locator(CODE).pressSequentially(await product.code(who.email, old))
  await inside(elsewhere.page)
  t.equal(await endOthers(elsewhere.page), 204)

  await page.goto('/dashboard?from=here#facts')
  await page.waitForURL('**/login?next=*')
  await page.getByText('Your session has ended').waitFor()
  const second = await product.code(who.email)
  await givePassword(page, who)
  await page.locator(CODE).pressSequentially(await product.code(who.email, second))
  await page.waitForURL('**/dashboard?from=here#facts')
  await inside(page)
})

/** From a page of this session: ends its others, with a token of its own. */
const endOthers = async (page: Page): Promise<number> => await page.evaluate(async (token) => {
  return (await fetch('/users/me/sessions', { method: 'DELETE', headers: { authorization: `Bearer ${token}` } })).status
}, await tokenIn(page))

t.test('a session ended while its page is open is told at the next look', async (t) => {
  const { page } = await visit(t, browser, product)
  await signUp(product, page)
  await page.evaluate(async (token) => {
    await fetch('/auth/logout-all', { method: 'POST', headers: { authorization: `Bearer ${token}` } })
  }, await tokenIn(page))
  await lookAgain(page)
  await page.waitForURL('**/login*')
  await page.getByRole('status').getByText('Your session has ended').waitFor()
  t.notOk(await page.getByText('Hello, Olena').isVisible())
})

t.test('after a sign-in nobody is sent to another site', async (t) => {
  const { page } = await visit(t, browser, product)
  await signUp(product, page)
  for (const next of ['https://example.org/', '//example.org', '/\\example.org', 'javascript:alert(1)', '/auth/logout']) {
    await page.goto(`/login?next=${encodeURIComponent(next)}`)
    await page.waitForURL(`${product.base}/dashboard`)
  }
  await page.goto('/login?next=%2Fdashboard%23here')
  await page.waitForURL(`${product.base}/dashboard#here`)
  t.pass('only our own pages are gone to')
})

t.test('a server that cannot answer for a while signs nobody out: a retry is offered', async (t) => {
  const { page } = await visit(t, browser, product)
  await signUp(product, page)
  product.pauseRedis()
  await page.reload()
  await page.getByRole('alert').waitFor()
  t.match(await page.getByRole('alert').innerText(), /not available right now/)
  product.resumeRedis()
  await page.getByRole('button', { name: 'Try again' }).click()
  await inside(page)
  t.match(page.url(), /\/dashboard$/)
})

t.test('without a network what was typed stays, and sending again works; one full code put over another is sent', async (t) => {
  const { page, context } = await visit(t, browser, product)
  const who = await signUp(product, page)
  const signedUpWith = await product.code(who.email)
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.waitForURL('**/login')
  await context.setOffline(true)
  await givePassword(page, who)
  await page.getByRole('alert').getByText('No connection').waitFor()
  t.equal(await page.getByLabel('Email', { exact: true }).inputValue(), who.email)
  t.equal(await page.getByLabel('Password', { exact: true }).inputValue(), who.password)
  await context.setOffline(false)
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.locator(CODE).waitFor()

  await context.setOffline(true)
  const right = await product.code(who.email, signedUpWith)
  const wrong = otherCode(right)
  await page.locator(CODE).pressSequentially(wrong)
  await page.getByRole('alert').getByText('No connection').waitFor()
  t.equal(await page.locator(CODE).inputValue(), wrong, 'the digits stay as well')
  await context.setOffline(false)
  await page.locator(CODE).fill(right)
  await inside(page)
})
