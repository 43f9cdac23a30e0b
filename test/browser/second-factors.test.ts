import type { Page } from 'playwright-core'
import t from 'tap'
import { shaped } from '../support/shapes.ts'
import { appCode, nextAppCode } from './support/authenticator.ts'
import { alertText, call, CODE, givePassword, signUp, startBrowser, visit } from './support/pages.ts'
import { otherCode, type Person, startProduct } from './support/product.ts'

const product = await startProduct(t)
const browser = await startBrowser(t)

interface WithTotp { who: Person, secret: string, recoveryCodes: string[] }

/** A person with an authenticator, set up over the API in a browser of its own. */
async function withTotp (t: Parameters<typeof visit>[0]): Promise<WithTotp> {
  const { page, context } = await visit(t, browser, product)
  const who = await signUp(product, page)
  const secret = String((await call(page, 'POST', '/users/me/totp'))['secret'])
  const { recoveryCodes } = await call(page, 'POST', '/users/me/totp/confirm', { otp: appCode(secret) })
  await context.close()
  return { who, secret, recoveryCodes: shaped<string[]>(recoveryCodes) }
}

const enter = async (page: Page, who: Person): Promise<void> => {
  await page.goto('/login')
  await givePassword(page, who)
  await page.getByRole('heading', { name: 'Open your authenticator' }).waitFor()
}

t.test('with an authenticator no mail is sent; its code signs in', async (t) => {
  const { who, secret } = await withTotp(t)
  const { page, complaints } = await visit(t, browser, product)
  const before = (await product.mails(who.email)).length
  await enter(page, who)
  t.equal(await page.getByTestId('resend').count(), 0)
  t.equal(await page.getByRole('timer').count(), 0)
  await page.locator(CODE).pressSequentially(otherCode(nextAppCode(secret)))
  await page.getByRole('alert').waitFor()
  t.match(await alertText(page), /4 attempts left/)
  await page.locator(CODE).pressSequentially(nextAppCode(secret))
  await page.getByRole('heading', { name: 'Hello, Olena' }).waitFor()
  const codes = (await product.mails(who.email)).slice(0, -before).filter(({ subject }) => /^\d{6}/.test(subject))
  t.strictSame(codes, [], 'no code was mailed')
  t.strictSame(complaints, [])
})

t.test('the way can be changed: a code by email, which is sent at once, and back', async (t) => {
  const { who } = await withTotp(t)
  const { page } = await visit(t, browser, product)
  const old = await product.code(who.email)
  await enter(page, who)
  await page.getByRole('button', { name: 'Send a code by email' }).click()
  await page.getByRole('heading', { name: 'Check your email' }).waitFor()
  const mailed = await product.code(who.email, old)
  await page.getByRole('button', { name: 'Use the authenticator app' }).click()
  await page.getByRole('heading', { name: 'Open your authenticator' }).waitFor()
  await page.getByRole('button', { name: 'Send a code by email' }).click()
  await page.getByRole('heading', { name: 'Check your email' }).waitFor()
  t.ok(await page.getByTestId('resend').isDisabled(), 'coming back sends no second one')
  await page.locator(CODE).pressSequentially(mailed)
  await page.getByRole('heading', { name: 'Hello, Olena' }).waitFor()
})

t.test('a recovery code signs in, once', async (t) => {
  const { who, recoveryCodes } = await withTotp(t)
  const [first = ''] = recoveryCodes
  for (const isFirst of [true, false]) {
    const { page } = await visit(t, browser, product)
    await enter(page, who)
    await page.getByRole('button', { name: 'Use a recovery code' }).click()
    await page.getByLabel('Recovery code', { exact: true }).fill(first.toLowerCase())
    await page.keyboard.press('Enter')
    if (isFirst) await page.getByRole('heading', { name: 'Hello, Olena' }).waitFor()
    else t.match(await alertText(page), /Incorrect code/)
  }
})

t.test('a recovery code signs in as it was copied; what cannot be one marks the field and is not sent', async (t) => {
  const { who, recoveryCodes: [code = ''] } = await withTotp(t)
  const { page } = await visit(t, browser, product)
  await enter(page, who)
  await page.getByRole('button', { name: 'Use a recovery code' }).click()
  const field = page.getByRole('textbox', { name: 'Recovery code' })
  const sent: string[] = []
  page.on('request', (request) => { if (request.url().endsWith('/auth/verify-otp')) sent.push(request.postData() ?? '') })
  for (const typed of [code.slice(0, -1), `${code}a`, code.replace(/.$/, '8')]) {
    await field.fill(typed)
    await page.getByRole('button', { name: 'Confirm' }).click()
    await page.getByText('A recovery code has 16 characters').waitFor()
    t.equal(await field.getAttribute('aria-invalid'), 'true', typed)
  }
  t.strictSame(sent, [])
  const wrong = 'AAAA-BBBB-CCCC-DDDD'
  await field.fill(wrong)
  await page.getByRole('button', { name: 'Confirm' }).click()
  await page.locator('main [aria-invalid=true]').waitFor()
  t.equal(await field.inputValue(), wrong, 'a refused one stays, to be corrected')
  t.ok(await field.evaluate((element) => element === document.activeElement))
  await field.fill(` ${code.replaceAll('-', ' \u2013 ')}\u200b`)
  t.equal(await field.getAttribute('aria-invalid'), null, 'typing takes the mark away')
  await page.getByRole('button', { name: 'Confirm' }).click()
  await page.getByRole('heading', { name: 'Hello, Olena' }).waitFor()
})
