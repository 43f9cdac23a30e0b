import { generateSync } from 'otplib'
import type { Page } from 'playwright-core'
import t from 'tap'
import { alertText, CODE, givePassword, signUp, startBrowser, visit } from './support/pages.ts'
import { otherCode, type Person, startProduct } from './support/product.ts'

const product = await startProduct(t)
const browser = await startBrowser(t)
const STEP_SECONDS = 30

interface WithTotp { who: Person, secret: string, recoveryCodes: string[] }

/** A person with an authenticator, set up over the API in a browser of its own. */
async function withTotp (t: Parameters<typeof visit>[0]): Promise<WithTotp> {
  const { page, context } = await visit(t, browser, product)
  const who = await signUp(product, page)
  const call = async (path: string, body?: object): Promise<Record<string, unknown>> => await page.evaluate(async ([path, body]) => {
    const { accessToken } = await (await fetch('/auth/refresh', { method: 'POST' })).json() as { accessToken: string }
    const answer = await fetch(path, { method: 'POST', headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' }, ...(body ? { body: JSON.stringify(body) } : {}) })
    return await answer.json() as Record<string, unknown>
  }, [path, body] as const)
  const secret = String((await call('/users/me/totp'))['secret'])
  // The code of the step before is still taken, which leaves the one of now unused.
  const { recoveryCodes } = await call('/users/me/totp/confirm', { otp: generateSync({ secret, epoch: Math.floor(Date.now() / 1000) - STEP_SECONDS }) })
  await context.close()
  return { who, secret, recoveryCodes: recoveryCodes as string[] }
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
  const right = generateSync({ secret })
  await page.locator(CODE).pressSequentially(otherCode(right))
  await page.getByRole('alert').waitFor()
  t.match(await alertText(page), /4 attempts left/)
  await page.locator(CODE).pressSequentially(generateSync({ secret }))
  await page.getByRole('heading', { name: 'Hello, Olena' }).waitFor()
  const codes = (await product.mails(who.email)).slice(0, -before).filter(({ subject }) => /^\d{6}/.test(subject))
  t.strictSame(codes, [], 'no code was mailed')
  t.strictSame(complaints, [])
})

t.test('the way can be changed: a code by e-mail, which is sent at once, and back', async (t) => {
  const { who } = await withTotp(t)
  const { page } = await visit(t, browser, product)
  const old = await product.code(who.email)
  await enter(page, who)
  await page.getByRole('button', { name: 'Send a code by e-mail' }).click()
  await page.getByRole('heading', { name: 'Check your mail' }).waitFor()
  const mailed = await product.code(who.email, old)
  await page.getByRole('button', { name: 'Use the authenticator app' }).click()
  await page.getByRole('heading', { name: 'Open your authenticator' }).waitFor()
  await page.getByRole('button', { name: 'Send a code by e-mail' }).click()
  await page.getByRole('heading', { name: 'Check your mail' }).waitFor()
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
    else t.match(await alertText(page), /not the code/)
  }
})
