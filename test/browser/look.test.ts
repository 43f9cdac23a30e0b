import type { Page } from 'playwright-core'
import t from 'tap'
import { AXE, violations } from './support/axe.ts'
import { askForAccount, CODE, signUp, startBrowser, visit } from './support/pages.ts'
import { person, startProduct } from './support/product.ts'

const product = await startProduct(t)
const browser = await startBrowser(t)
const FIRST_LOAD_BYTES = 130 * 1024
/** Under a second here when nothing else runs; two busy cores get more. */
const SLOWEST_MS = 5000

/** What these tests put into the page. */
declare global {
  interface Window { measured: Measured }
}

/** Walks through every page and its states; `at` is called where each has settled. */
async function walk (page: Page, at: (name: string) => Promise<void>): Promise<void> {
  for (const path of ['/login', '/register', '/forgot-password', '/verify-otp', '/there-is-no-such-page']) {
    await page.goto(path)
    await page.locator('h1').waitFor()
    await at(path)
  }
  const who = person()
  await page.goto('/register')
  await page.locator('input[name=name]').waitFor()
  await page.locator('main button[type=submit]').click()
  await at('register with errors')
  await page.locator('input[name=name]').fill(who.name)
  await page.locator('input[name=email]').fill(who.email)
  await page.locator('input[name=password]').fill(who.password)
  await page.locator('main button[type=submit]').click()
  await page.locator(CODE).waitFor()
  await at('verify-otp')
  const right = await product.code(who.email)
  await page.locator(CODE).pressSequentially(right === '111111' ? '222222' : '111111')
  await page.getByRole('alert').waitFor()
  await at('verify-otp with an error')
  await page.locator(CODE).pressSequentially(right)
  await page.locator('dl').waitFor()
  await at('dashboard')
  await page.locator('a[href="/settings"]').click()
  await page.locator('#sessions').waitFor()
  await page.locator('main .skeleton').first().waitFor({ state: 'detached' })
  await at('settings')
  await page.locator('section[aria-labelledby=authenticator] button').click()
  await page.locator(CODE).waitFor()
  await at('settings, authenticator')
  await page.locator('section[aria-labelledby=second-step] button').click()
  await page.getByRole('alertdialog').waitFor()
  await at('settings, a question')
  await page.keyboard.press('Escape')
  await page.locator('section[aria-labelledby=data] button').last().click()
  await page.locator('[role=alertdialog] button[type=submit]').click()
  await page.locator('input[name=address][aria-invalid=true]').waitFor()
  await at('settings, deletion')
  await page.keyboard.press('Escape')
  await page.locator('section[aria-labelledby=profile] button').last().click()
  await page.locator('input[name=new-email]').fill(person().email)
  await page.keyboard.press('Enter')
  await page.locator('section[aria-labelledby=profile]').locator(CODE).waitFor()
  await at('settings, a new address')
  await page.goto('/logout')
  await page.locator('main button').waitFor()
  await at('sign out')
  await page.goto('/dashboard')
  await page.locator('dl').waitFor()
  await page.locator('main button').last().click()
  await page.waitForURL('**/login')
  await page.locator('input[name=email]').fill(who.email)
  await page.locator('input[name=password]').fill(who.password)
  await page.locator('main button[type=submit]').click()
  await page.locator(CODE).waitFor()
  await at('login code')
  await page.goto('/forgot-password')
  await page.locator('input[name=email]').fill(who.email)
  await page.locator('main button[type=submit]').click()
  await page.locator(CODE).waitFor()
  await at('reset')
}

for (const [locale, colorScheme] of [
  ['en', 'light'], ['en', 'dark'], ['uk', 'light'], ['uk', 'dark'], ['ru', 'light'], ['ru', 'dark']
] as const) {
  t.test(`every page is accessible, ${locale}, ${colorScheme}`, async (t) => {
    const { page, complaints, context } = await visit(t, browser, product, { locale, colorScheme, reducedMotion: 'reduce' })
    await context.addInitScript({ path: AXE })
    const titles = new Set<string>()
    await walk(page, async (name) => {
      t.strictSame(await violations(page), [], name)
      t.equal(await page.evaluate(() => document.documentElement.lang), locale)
      titles.add(await page.title())
      if (locale !== 'en') t.match(await page.locator('main').innerText(), /[а-яіїєґё]{3}/i, `${name} speaks the language`)
    })
    t.equal(titles.size, 11, 'a title for every step')
    t.strictSame(complaints, [], 'nothing violates the policy, nothing is logged')
  })
}

t.test('on a phone of 320 pixels nothing has to be scrolled sideways, and a box is 44 pixels wide', async (t) => {
  const { page } = await visit(t, browser, product, { viewport: { width: 320, height: 640 }, hasTouch: true, reducedMotion: 'reduce' })
  await walk(page, async (name) => {
    const [needed, there] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth])
    t.ok((needed ?? 0) <= (there ?? 0), `${name}: ${needed} of ${there}`)
    for (const box of await page.locator('.box').all()) t.ok(((await box.boundingBox())?.width ?? 0) >= 44, `${name}: boxes`)
  })
})

interface Measured { shifts: number, usableMs: number }

/** In the page, before anything else: adds up what moves, notes when the form is there, and keeps back what is fetched for later pages. */
function measure (): void {
  const measured: Measured = { shifts: 0, usableMs: 0 }
  // Gives a number like the real one. No function of ours: what compiles this names those by a helper that the page does not have.
  Object.assign(globalThis, { measured, requestIdleCallback: Date.now })
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) measured.shifts += Number(Reflect.get(entry, 'value'))
  }).observe({ type: 'layout-shift', buffered: true })
  new MutationObserver((_changes, observer) => {
    if (!document.querySelector('input[name=password]')) return
    measured.usableMs = performance.now()
    observer.disconnect()
  }).observe(document, { childList: true, subtree: true })
}

t.test('the first load is small, quick and still', async (t) => {
  for (const locale of ['en', 'uk', 'ru']) {
    const { page, context } = await visit(t, browser, product, { locale })
    await context.addInitScript(measure)
    // Counted as gzip, whatever this browser would rather have.
    await context.route('**/*', async (route) => {
      await route.continue({ headers: { ...route.request().headers(), 'accept-encoding': 'gzip' } })
    })
    const bodies: Array<Promise<number>> = []
    page.on('requestfinished', (request) => { bodies.push(request.sizes().then(({ responseBodySize }) => responseBodySize)) })
    await page.goto('/login', { waitUntil: 'networkidle' })
    const bytes = (await Promise.all(bodies)).reduce((sum, size) => sum + size, 0)
    const { shifts, usableMs } = await page.evaluate(() => window.measured)
    const size = `${(bytes / 1024).toFixed(1)} kB gzip in ${bodies.length} files`
    t.comment(`${locale}: ${size}, form there after ${usableMs.toFixed(0)} ms, layout shift ${shifts}`)
    t.ok(bytes > 50_000 && bytes < FIRST_LOAD_BYTES, `${locale}: ${bytes} bytes`)
    t.ok(usableMs > 0 && usableMs < SLOWEST_MS, `${usableMs} ms`)
    t.equal(shifts, 0, 'nothing moves')
  }
})

t.test('the language switch speaks at once, is remembered, and is written into the profile', async (t) => {
  const { page, context } = await visit(t, browser, product)
  await page.goto('/login')
  await page.getByRole('button', { name: 'Українська' }).click()
  await page.getByRole('heading', { name: 'Раді бачити вас знову' }).waitFor()
  await page.reload()
  await page.getByRole('heading', { name: 'Раді бачити вас знову' }).waitFor()
  t.equal(await page.evaluate(() => document.documentElement.lang), 'uk')
  await page.getByRole('button', { name: 'English' }).click()
  await signUp(product, page)
  const saved = page.waitForResponse((response) => response.request().method() === 'PATCH')
  await page.getByRole('button', { name: 'Русский' }).click()
  await page.getByRole('heading', { name: 'Здравствуйте, Olena' }).waitFor()
  const answer = await saved
  t.equal(answer.status(), 200)
  t.match(await answer.json(), { user: { locale: 'ru' } })
  await context.clearCookies({ name: 'locale' })
  await page.reload()
  await page.getByRole('heading', { name: 'Здравствуйте, Olena' }).waitFor()
})

t.test('with the keyboard alone: skip link, focus on the heading after a step, the code under the fingers', async (t) => {
  const { page } = await visit(t, browser, product)
  await page.goto('/login')
  await page.getByRole('heading', { name: 'Good to see you again' }).waitFor()
  await page.keyboard.press('Tab')
  t.equal(await page.evaluate(() => document.activeElement?.textContent), 'Skip to the content')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Tab')
  t.equal(await page.evaluate(() => document.activeElement?.getAttribute('name')), 'email')
  await page.getByRole('link', { name: 'Create an account' }).press('Enter')
  await page.waitForURL('**/register')
  await page.waitForFunction(() => document.activeElement?.tagName === 'H1')
  await askForAccount(page, person())
  t.equal(await page.evaluate(() => document.activeElement?.getAttribute('name')), 'code')
})
