import type { BrowserContext, Page } from 'playwright-core'
import t from 'tap'
import { alertText, CODE, givePassword, signUp, startBrowser, visit } from './support/pages.ts'
import { person, startProduct } from './support/product.ts'

const product = await startProduct(t)
const browser = await startBrowser(t)

const WORDS = {
  en: { title: 'This page could not be shown', reload: 'Reload', id: 'Request ID', blocked: /blocks cookies/ },
  uk: { title: 'Не вдалося показати сторінку', reload: 'Оновити сторінку', id: 'Ідентифікатор запиту', blocked: /блокує файли cookie/ },
  ru: { title: 'Не удалось показать страницу', reload: 'Обновить страницу', id: 'Идентификатор запроса', blocked: /блокирует файлы cookie/ }
}
const locales = ['en', 'uk', 'ru'] as const
/** The last line of the page, with the id of a request. */
const idLine = (locale: keyof typeof WORDS): RegExp => new RegExp(`${WORDS[locale].id}: [\\w-]{22}$`)

/** Files whose name begins so cannot be loaded, until `mend`. */
async function breakScript (context: BrowserContext, name: string): Promise<{ mend: () => Promise<void>, failed: () => number }> {
  const pattern = `**/assets/${name}-*`
  let count = 0
  await context.route(pattern, async (route) => {
    count++
    await route.abort()
  })
  return { mend: async () => { await context.unroute(pattern) }, failed: () => count }
}

async function crashed (page: Page, locale: keyof typeof WORDS): Promise<string> {
  const { title, reload } = WORDS[locale]
  await page.getByRole('heading', { name: title }).waitFor()
  await page.getByRole('button', { name: reload }).waitFor()
  return await page.getByRole('alert').innerText()
}

t.test('a part of the pages that cannot be loaded is told, and a reload mends it', async (t) => {
  for (const locale of locales) {
    // What every page needs, and its language.
    for (const script of ['start', `texts-${locale}-pages`]) {
      const { page, context, complaints } = await visit(t, browser, product, { locale })
      const { mend, failed } = await breakScript(context, script)
      await page.goto('/login')
      t.match(await crashed(page, locale), idLine(locale), `${script} in ${locale}`)
      t.ok(failed() > 0)
      await mend()
      await page.getByRole('button', { name: WORDS[locale].reload }).click()
      await page.locator('input[name=email]').waitFor()
      t.notOk(complaints.some((one) => /Content Security Policy|Trusted/i.test(one)), complaints.join())
      await context.close()
    }
  }
  const { page, context } = await visit(t, browser, product)
  const { mend, failed } = await breakScript(context, 'register')
  await page.goto('/login')
  await page.getByRole('link', { name: 'Create an account' }).click()
  t.match(await crashed(page, 'en'), idLine('en'))
  t.ok(failed() > 0)
  await mend()
  await page.getByRole('button', { name: 'Reload' }).click()
  await page.getByRole('heading', { name: 'Create your account' }).waitFor()
})

t.test('where the browser blocks cookies and site data the page says so', async (t) => {
  for (const locale of locales) {
    for (const storage of ['sessionStorage', 'localStorage']) {
      const { page, context } = await visit(t, browser, product, { locale })
      await context.addInitScript((name) => {
        Object.defineProperty(window, name, { get () { throw new DOMException('denied', 'SecurityError') } })
      }, storage)
      for (const path of ['/login', '/verify-otp?email=a%40example.org']) {
        await page.goto(path)
        const text = await crashed(page, locale)
        t.match(text, WORDS[locale].blocked, `${storage} ${path} ${locale}`)
        t.match(text, idLine(locale))
      }
      await context.close()
    }
  }
})

t.test('an error in the middle of a page is told too', async (t) => {
  const { page, context } = await visit(t, browser, product)
  await context.addInitScript(() => {
    // Works at the start, and fails when a field is rendered later.
    const { getItem } = Storage.prototype
    Storage.prototype.getItem = function (key) {
      if (key.startsWith('dvokrok.lock.register')) throw new Error('no more')
      return getItem.call(this, key)
    }
  })
  await page.goto('/login')
  await page.getByRole('link', { name: 'Create an account' }).click()
  t.match(await crashed(page, 'en'), idLine('en'))
})

t.test('a proof of work that this browser cannot do for want of https is no fault of the server', async (t) => {
  const asking = await startProduct(t, { CAPTCHA_AFTER: '1' })
  const { page, context } = await visit(t, browser, asking)
  await context.addInitScript(() => { Object.defineProperty(Crypto.prototype, 'subtle', { get: () => undefined }) })
  const who = person()
  for (let turn = 0; turn < 2; turn++) await asking.post('/auth/login', { email: who.email, password: 'not the right one' })
  await page.goto('/login')
  await givePassword(page, who)
  await page.getByRole('alert').waitFor()
  t.match(await alertText(page), /needs https/)
})

t.test('full-width digits are digits', async (t) => {
  const { page } = await visit(t, browser, product)
  const who = await signUp(product, page)
  const other = await visit(t, browser, product)
  const old = await product.code(who.email)
  await other.page.goto('/login')
  await givePassword(other.page, who)
  await other.page.locator(CODE).waitFor()
  const code = await product.code(who.email, old)
  const wide = [...code].map((digit) => String.fromCodePoint(0xff10 + Number(digit)))
  for (const digit of wide) await other.page.keyboard.insertText(digit)
  await other.page.waitForURL('**/dashboard')
})
