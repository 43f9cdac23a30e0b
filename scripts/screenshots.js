// Writes docs/screenshots/*.jpg: pages and mails of the running product, as people see them. Run it after "npm run build".
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { renderMail } from '../src/platform/mail/render.ts'
import { startProduct } from '../test/browser/support/product.ts'
import { messages } from '../test/support/mails.ts'
import { findChromium } from './chromium.js'

const folder = fileURLToPath(new URL('../docs/screenshots/', import.meta.url))
const CODE = '[data-input-otp]'
const who = { name: 'Olena', email: 'olena@example.org', password: 'wooden-lantern-tide' }
const LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><circle cx="16" cy="16" r="16" fill="#0b6e4f"/>' +
  '<path d="M11 8v16M21.5 8 12 16l9.5 8" fill="none" stroke="#fff" stroke-width="3.5" stroke-linecap="round"/></svg>'
const MAILS = ['loginCode', 'newDevice', 'passwordChanged', 'emailChangeRequested']

const executablePath = findChromium()
if (!executablePath) process.exit(1)
rmSync(folder, { recursive: true, force: true })
mkdirSync(folder)
const ofBrand = mkdtempSync(join(tmpdir(), 'dvokrok-brand-'))
writeFileSync(join(ofBrand, 'logo.svg'), LOGO)
const closers = [() => { rmSync(ofBrand, { recursive: true }) }]
const context = { teardown: (close) => { closers.push(close) } }
try {
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  closers.push(async () => { await browser.close() })
  await takePages(await startProduct(context), browser)
  const branded = { BRAND_NAME: 'Kobzar', BRAND_COLOR: '#0b6e4f', BRAND_LOGO: join(ofBrand, 'logo.svg') }
  await takeCode(await startProduct(context, branded), browser, 'code-other-brand')
  await takeMails(browser)
} finally {
  for (const close of closers.reverse()) await close()
}

/** The page that asks for the code of a sign-up. */
async function takeCode (product, browser, name) {
  const page = await open(product, browser)
  await page.goto('/register')
  await page.locator('input[name=name]').fill(who.name)
  await page.locator('input[name=email]').fill(who.email)
  await page.locator('input[name=password]').fill(who.password)
  await page.locator('main button[type=submit]').click()
  await page.locator(CODE).waitFor()
  const code = await product.code(who.email)
  await page.keyboard.type(code.slice(0, 4), { delay: 50 })
  await take(page, name)
  return { page, code }
}

async function takePages (product, browser) {
  const { page, code } = await takeCode(product, browser, 'code')
  await page.keyboard.type(code.slice(4))
  await page.locator('dl').waitFor()
  await page.goto('/settings#authenticator')
  await page.locator('section[aria-labelledby=authenticator] button').first().click()
  await page.locator('section[aria-labelledby=authenticator] img').waitFor()
  await page.locator('section[aria-labelledby=authenticator]').scrollIntoViewIfNeeded()
  await take(page, 'settings')

  const dark = await open(product, browser, { locale: 'uk', colorScheme: 'dark' })
  await dark.goto('/login')
  await dark.locator('input[name=email]').fill(who.email)
  await take(dark, 'login-dark')
}

async function takeMails (browser) {
  const page = await browser.newPage({ viewport: { width: 375, height: 560 } })
  for (const kind of MAILS) {
    await page.setContent(renderMail({ ...messages[kind], name: who.name }, { locale: 'en', publicUrl: 'https://id.example.org' }).html)
    await take(page, `mail-${kind}`)
  }
}

async function open (product, browser, options) {
  const context = await browser.newContext({
    baseURL: product.base, locale: 'en', viewport: { width: 620, height: 760 }, reducedMotion: 'reduce', ...options
  })
  return await context.newPage()
}

async function take (page, name) {
  await page.evaluate(async () => { await document.fonts.ready })
  await page.screenshot({ path: join(folder, `${name}.jpg`), quality: 88, caret: 'hide' })
}
