import { fileURLToPath } from 'node:url'
import t from 'tap'
import { AXE, violations } from './support/axe.ts'
import { CODE, startBrowser, visit } from './support/pages.ts'
import { person, startProduct } from './support/product.ts'

const product = await startProduct(t, { TEXTS_DIR: fileURLToPath(new URL('../../docs/examples/texts', import.meta.url)) })
const browser = await startBrowser(t)

t.test('one file adds a language: sign up in German, with its mail, and see the settings', async (t) => {
  const { page, complaints, context } = await visit(t, browser, product, { locale: 'de-AT' })
  await context.addInitScript({ path: AXE })
  const who = person()
  await page.goto('/login')
  t.equal(await page.locator('html').getAttribute('lang'), 'de')
  await t.resolves(page.getByRole('button', { name: 'Deutsch' }).waitFor(), 'it is in the switch')
  await page.getByRole('link', { name: 'Konto erstellen' }).click()
  await page.getByLabel('Ihr Name').fill(who.name)
  await page.getByLabel('E-Mail').fill(who.email)
  await page.getByLabel('Passwort', { exact: true }).fill('kurz')
  await page.getByText('Es fehlen noch 4 Zeichen.').waitFor()
  await page.getByLabel('Passwort', { exact: true }).fill(who.password)
  await page.getByRole('button', { name: 'Konto erstellen' }).click()
  await page.locator(CODE).waitFor()
  t.strictSame(await violations(page), [])

  const code = await product.code(who.email)
  const [mail] = await product.mails(who.email)
  t.match(mail, { subject: /^\d{6} – Ihr Registrierungscode für Dvokrok$/, html: /<html lang="de">/ })
  await page.locator(CODE).pressSequentially(code)
  await page.waitForURL('**/dashboard')
  await page.goto('/settings')
  await page.getByRole('heading', { name: 'Sitzungen' }).waitFor()
  await page.getByRole('button', { name: 'English' }).click()
  await page.getByRole('heading', { name: 'Sessions' }).waitFor()
  t.strictSame(complaints, [])
})
