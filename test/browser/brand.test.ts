import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import t from 'tap'
import { ourBrand } from '../../src/platform/brand/brand.ts'
import { brandHead } from '../../src/platform/pages/brand-head.ts'
import { manyColors } from '../support/colors.ts'
import { SVG } from '../support/logos.ts'
import { appCode } from './support/authenticator.ts'
import { FAINT, FAINT_SOURCE } from './support/contrast.ts'
import { CODE, signUp, startBrowser, visit } from './support/pages.ts'
import { startProduct } from './support/product.ts'

const folder = mkdtempSync(join(tmpdir(), 'dvokrok-logo-'))
t.teardown(() => { rmSync(folder, { recursive: true }) })
writeFileSync(join(folder, 'logo.svg'), SVG)
const product = await startProduct(t, {
  BRAND_NAME: 'Kobzar & Söhne',
  BRAND_LOGO: join(folder, 'logo.svg'),
  BRAND_COLOR: '#0b6e4f',
  SUPPORT_URL: 'mailto:help@example.org',
  PRIVACY_URL: 'https://example.org/privacy'
})
const browser = await startBrowser(t)

t.test('name, logo, colour and links are on the pages at once, and nothing moves or is refused', async (t) => {
  const { page, complaints, context } = await visit(t, browser, product)
  await context.addInitScript(`
    globalThis.shifts = 0
    new PerformanceObserver((list) => { for (const { value } of list.getEntries()) shifts += value })
      .observe({ type: 'layout-shift', buffered: true })
  `)
  await page.goto('/login', { waitUntil: 'networkidle' })
  t.equal(await page.title(), 'Sign in · Kobzar & Söhne')
  t.equal(await page.getByRole('banner').innerText().then((text) => text.split('\n')[0]), 'Kobzar & Söhne')
  const logo = page.getByRole('banner').locator('img')
  t.strictSame(await logo.evaluate((image: HTMLImageElement) => [image.naturalWidth > 0, image.width, image.height]), [true, 108, 36])
  const button = page.getByRole('button', { name: 'Continue' })
  t.equal(await button.evaluate((element) => getComputedStyle(element).backgroundColor), 'rgb(11, 110, 79)')
  t.equal(await page.getByRole('link', { name: 'Help' }).getAttribute('href'), 'mailto:help@example.org')
  t.equal(await page.getByRole('link', { name: 'Privacy' }).getAttribute('href'), 'https://example.org/privacy')
  t.equal(await page.getByRole('link', { name: 'Terms' }).count(), 0, 'no link to what is not there')
  t.equal(await page.evaluate('shifts'), 0)
  t.strictSame(complaints, [])

  const alone = await context.newPage()
  await alone.goto('/brand/logo')
  t.equal(await alone.title(), '', 'the script in the logo did not run')
})

t.test('a recovery file bears the name', async (t) => {
  const { page } = await visit(t, browser, product)
  const who = await signUp(product, page)
  await page.goto('/settings#authenticator')
  await page.getByRole('button', { name: 'Set up', exact: true }).click()
  const secret = await page.getByTestId('key').innerText()
  await page.locator(CODE).pressSequentially(appCode(secret.replaceAll(' ', '')))
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Download' }).click()])
  t.equal(download.suggestedFilename(), 'kobzar-söhne-recovery-codes.txt')
  t.match(readFileSync(await download.path(), 'utf8'), `Kobzar & Söhne recovery codes of ${who.email}.`)
})

t.test(`whatever the colour, everything on the pages can be read and seen in both schemes: ${manyColors.length} colours`, async (t) => {
  const { page, open, context } = await visit(t, browser, product, { reducedMotion: 'reduce' })
  await context.addInitScript(FAINT_SOURCE)
  await page.goto('/register')
  await page.getByRole('button', { name: 'Create account' }).click()
  await page.locator('[aria-invalid=true]').first().waitFor()
  const login = await open()
  await login.goto('/login')
  await login.getByLabel('Email', { exact: true }).fill('nobody@example.org')
  await login.getByLabel('Password', { exact: true }).fill('wrong-password')
  await login.getByRole('button', { name: 'Continue' }).click()
  await login.getByRole('alert').waitFor()
  const other = await visit(t, browser, product, { reducedMotion: 'reduce' })
  await other.context.addInitScript(FAINT_SOURCE)
  await signUp(product, other.page)
  const settings = await other.open()
  await settings.goto('/settings')
  await settings.locator('#sessions').waitFor()
  await settings.locator('main .skeleton').first().waitFor({ state: 'detached' })

  for (const color of manyColors) {
    for (const [name, one] of Object.entries({ register: page, login, dashboard: other.page, settings })) {
      for (const colorScheme of ['light', 'dark'] as const) {
        await paint(one, color, colorScheme)
        t.strictSame(await one.evaluate(FAINT), [], `${color}, ${colorScheme}, ${name}`)
      }
    }
  }
})

/** As the server does it for that BRAND_COLOR. */
async function paint (page: Page, color: string, colorScheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
  await page.evaluate((style) => {
    const element = document.querySelector('head > style[nonce]')
    if (!element?.textContent?.startsWith('html:root{--accent')) throw new Error('the colours of the brand are not where they were')
    element.textContent = style
  }, brandHead({ ...ourBrand, color }, '').style)
}
