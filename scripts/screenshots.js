// Writes docs/screenshots/*.png: pages and mails of the running product, as people see them. Run it after "npm run build".
import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { startProduct } from '../test/browser/support/product.ts'
import { findChromium } from './chromium.js'

const folder = fileURLToPath(new URL('../docs/screenshots/', import.meta.url))
const CODE = '[data-input-otp]'
const who = { name: 'Olena', email: 'olena@example.org', password: 'wooden-lantern-tide' }

const executablePath = findChromium()
if (!executablePath) process.exit(1)
mkdirSync(folder, { recursive: true })
const closers = []
try {
  const product = await startProduct({ teardown: (close) => { closers.push(close) } })
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  closers.push(async () => { await browser.close() })
  await takeAll(product, browser)
} finally {
  for (const close of closers.reverse()) await close()
}

async function takeAll (product, browser) {
  const light = await open({ locale: 'en', colorScheme: 'light' })
  await light.goto('/register')
  await light.locator('input[name=name]').fill(who.name)
  await light.locator('input[name=email]').fill(who.email)
  await light.locator('input[name=password]').fill(who.password)
  await take(light, 'sign-up')
  await light.locator('main button[type=submit]').click()
  await light.locator(CODE).waitFor()
  const code = await product.code(who.email)
  await light.keyboard.type(code.slice(0, 4), { delay: 50 })
  await take(light, 'code')
  await light.goto('/verify-otp?email=' + encodeURIComponent(who.email))
  await light.locator(CODE).pressSequentially(code)
  await light.locator('dl').waitFor()
  await take(light, 'dashboard')
  await light.goto('/settings#authenticator')
  await light.locator('section[aria-labelledby=authenticator] button').first().click()
  await light.locator('section[aria-labelledby=authenticator] img').waitFor()
  await light.locator('section[aria-labelledby=authenticator]').scrollIntoViewIfNeeded()
  await take(light, 'settings')

  const dark = await open({ locale: 'uk', colorScheme: 'dark' })
  await dark.goto('/login')
  await dark.locator('input[name=email]').fill(who.email)
  await take(dark, 'login-dark')
  await dark.locator('input[name=password]').fill(who.password)
  await dark.locator('main button[type=submit]').click()
  await dark.locator(CODE).waitFor()
  await product.code(who.email, code)

  const phone = await open({ locale: 'uk', colorScheme: 'light', viewport: { width: 390, height: 780 }, hasTouch: true })
  await phone.goto('/login')
  await phone.locator('input[name=email]').fill(who.email)
  await phone.locator('input[name=password]').fill(who.password)
  await phone.locator('main button[type=submit]').click()
  await phone.locator(CODE).waitFor()
  await take(phone, 'phone')

  for (const [name, colorScheme] of [['mail', 'light'], ['mail-dark', 'dark']]) {
    const mail = await open({ colorScheme, viewport: { width: 600, height: 820 } })
    const { items } = await (await fetch(`${product.base}/mailbox/messages?to=${who.email}`)).json()
    await mail.setContent(items.at(-1).html)
    await take(mail, name)
  }

  async function open (options) {
    const context = await browser.newContext(
      { baseURL: product.base, viewport: { width: 620, height: 820 }, reducedMotion: 'reduce', ...options }
    )
    return await context.newPage()
  }
}

async function take (page, name) {
  await page.evaluate(async () => { await document.fonts.ready })
  await page.screenshot({ path: `${folder}${name}.png`, caret: 'hide' })
}
