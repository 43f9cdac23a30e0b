import t from 'tap'
import { alertText, askForAccount, CODE, focusedName, givePassword, signUp, startBrowser, visit } from './support/pages.ts'
import { otherCode, type Person, person, startProduct } from './support/product.ts'

const product = await startProduct(t)
const browser = await startBrowser(t)

/** Somebody with an account, in a browser that knows nothing of it. */
async function known (t: Parameters<typeof visit>[0]): Promise<Person> {
  const { page, context } = await visit(t, browser, product)
  const who = await signUp(product, page)
  await context.close()
  return who
}

t.test('password, then the code with e-mail and password locked; a reload keeps the step', async (t) => {
  const who = await known(t)
  const { page, complaints } = await visit(t, browser, product)
  await page.goto('/dashboard')
  await page.waitForURL('**/login')
  t.equal(await page.getByLabel('Email', { exact: true }).getAttribute('autocomplete'), 'username webauthn')
  t.equal(await page.getByLabel('Password', { exact: true }).getAttribute('autocomplete'), 'current-password')
  const old = await product.code(who.email)
  await givePassword(page, who)
  await page.locator(CODE).waitFor()
  t.equal(await page.title(), 'Enter the code · Dvokrok')
  for (const label of ['Email', 'Password']) t.notOk(await page.getByLabel(label, { exact: true }).isEditable(), `${label} is locked`)
  t.equal(await page.getByLabel('Email', { exact: true }).inputValue(), who.email)
  t.notOk(await page.getByLabel('Trust this device').isChecked(), 'no device is trusted unasked')
  t.equal(await focusedName(page), 'code')

  await page.reload()
  await page.locator(CODE).waitFor()
  t.equal(await page.getByLabel('Email', { exact: true }).inputValue(), who.email)
  t.notOk(await page.getByLabel('Email', { exact: true }).isEditable())

  await page.locator(CODE).pressSequentially(await product.code(who.email, old))
  await page.waitForURL('**/dashboard')
  await page.getByRole('heading', { name: 'Hello, Olena' }).waitFor()
  t.strictSame(complaints, [])
})

t.test('a wrong password says so and keeps the address; the address is carried to the other pages', async (t) => {
  const { page } = await visit(t, browser, product)
  const who = person()
  await page.goto('/login')
  await page.getByRole('button', { name: 'Continue' }).click()
  // An empty form is not sent, and says where to begin.
  await page.waitForFunction(() => document.activeElement?.getAttribute('name') === 'email')
  await givePassword(page, who)
  await page.getByRole('alert').waitFor()
  t.match(await alertText(page), /Incorrect email or password/)
  t.equal(await page.getByLabel('Email', { exact: true }).inputValue(), who.email)
  await page.getByRole('link', { name: 'Forgot your password?' }).click()
  await page.waitForURL('**/forgot-password')
  t.equal(await page.getByLabel('Email', { exact: true }).inputValue(), who.email)
  await page.getByRole('link', { name: 'Sign in' }).click()
  await page.getByRole('link', { name: 'Create an account' }).click()
  await page.waitForURL('**/register')
  t.equal(await page.getByLabel('Email', { exact: true }).inputValue(), who.email)
})

t.test('after a sign-up that was left, the sign-in says what it says to anybody, and leads to a sign-up with the address', async (t) => {
  const left = await visit(t, browser, product)
  const who = person()
  await askForAccount(left.page, who)
  const [told, toldToAnybody] = await Promise.all([who, person()].map(async (who) => {
    const { page } = await visit(t, browser, product)
    await page.goto('/login')
    await givePassword(page, who)
    await page.getByRole('alert').waitFor()
    const said = await page.locator('main').innerText()
    await page.getByRole('link', { name: 'Create an account' }).click()
    await page.waitForURL('**/register')
    t.equal(await page.getByLabel('Email', { exact: true }).inputValue(), who.email)
    return said
  }))
  t.equal(told, toldToAnybody)
  t.match(told, 'Just signed up? Confirm your address')
})

t.test('used-up attempts offer a new sign-in with what was typed', async (t) => {
  const who = await known(t)
  const { page } = await visit(t, browser, product)
  const old = await product.code(who.email)
  await page.goto('/login')
  await givePassword(page, who)
  await page.locator(CODE).waitFor()
  const wrong = otherCode(await product.code(who.email, old))
  for (let i = 0; i < 5; i++) {
    const answered = page.waitForResponse('**/auth/verify-otp')
    await page.locator(CODE).pressSequentially(wrong)
    await answered
    await page.waitForFunction((selector) => (document.querySelector<HTMLInputElement>(selector)?.value ?? '') === '', CODE)
  }
  await page.getByRole('button', { name: 'Sign in again' }).click()
  t.equal(await page.getByLabel('Email', { exact: true }).inputValue(), who.email)
  t.equal(await page.getByLabel('Password', { exact: true }).inputValue(), who.password)
  t.ok(await page.getByLabel('Email', { exact: true }).isEditable())
})

t.test('an attempt whose time is up leads back with a reason', async (t) => {
  const who = await known(t)
  const { page } = await visit(t, browser, product)
  await page.goto('/login')
  await givePassword(page, who)
  await page.locator(CODE).waitFor()
  await product.age(16 * 60)
  await page.reload()
  await page.getByText('This attempt is over').waitFor()
  t.equal(await page.getByLabel('Email', { exact: true }).inputValue(), who.email)
})

t.test('each tab has its own attempt', async (t) => {
  const [one, two] = [await known(t), await known(t)]
  const { page, open } = await visit(t, browser, product)
  const other = await open()
  for (const [tab, who] of [[page, one], [other, two]] as const) {
    await tab.goto('/login')
    await givePassword(tab, who)
    await tab.locator(CODE).waitFor()
  }
  for (const [tab, who] of [[page, one], [other, two]] as const) {
    await tab.reload()
    await tab.locator(CODE).waitFor()
    t.equal(await tab.getByLabel('Email', { exact: true }).inputValue(), who.email)
  }
})

t.test('a trusted device is asked for no code', async (t) => {
  const who = await known(t)
  const { page } = await visit(t, browser, product)
  const old = await product.code(who.email)
  await page.goto('/login')
  await givePassword(page, who)
  await page.getByLabel('Trust this device').check()
  await page.locator(CODE).pressSequentially(await product.code(who.email, old))
  await page.waitForURL('**/dashboard')
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByText('You’ve signed out.').waitFor()
  await givePassword(page, who)
  await page.getByRole('heading', { name: 'Hello, Olena' }).waitFor()
  t.match(page.url(), /\/dashboard$/)
})

t.test('a forgotten password is replaced, and the new one signs in', async (t) => {
  const who = await known(t)
  const { page, complaints } = await visit(t, browser, product)
  const old = await product.code(who.email)
  await page.goto('/forgot-password')
  await page.getByLabel('Email', { exact: true }).fill(who.email)
  await page.getByRole('button', { name: 'Send the code' }).click()
  await page.locator(CODE).waitFor()
  await page.reload()
  await page.locator(CODE).waitFor()
  t.equal(await page.getByLabel('Email', { exact: true }).getAttribute('autocomplete'), 'username')
  t.equal(await page.locator('input[name=new-password]').getAttribute('autocomplete'), 'new-password')
  const right = await product.code(who.email, old)
  const password = 'quiet-harbour-lantern-7'
  await page.locator('input[name=new-password]').fill(password)
  await page.locator(CODE).pressSequentially(otherCode(right))
  await page.getByRole('button', { name: 'Save the new password' }).click()
  await page.getByRole('alert').waitFor()
  t.match(await alertText(page), /4 attempts left/)
  t.equal(await page.locator('input[name=new-password]').inputValue(), password, 'the password is still there')

  await page.locator(CODE).pressSequentially(right)
  await page.getByRole('button', { name: 'Save the new password' }).click()
  await page.waitForURL('**/login')
  await page.getByText('Your password has been changed').waitFor()
  t.equal(await page.getByLabel('Email', { exact: true }).inputValue(), who.email)
  await givePassword(page, { ...who, password })
  await page.locator(CODE).pressSequentially(await product.code(who.email, right))
  await page.waitForURL('**/dashboard')
  t.strictSame(complaints, [])
})

t.test('used-up attempts of a reset offer a new start with the address', async (t) => {
  const who = await known(t)
  const { page } = await visit(t, browser, product)
  const old = await product.code(who.email)
  await page.goto('/forgot-password')
  await page.getByLabel('Email', { exact: true }).fill(who.email)
  await page.getByRole('button', { name: 'Send the code' }).click()
  await page.locator(CODE).waitFor()
  const wrong = otherCode(await product.code(who.email, old))
  await page.locator('input[name=new-password]').fill('quiet-harbour-lantern-7')
  for (const left of [4, 3, 2, 1]) {
    await page.locator(CODE).pressSequentially(wrong)
    await page.keyboard.press('Enter')
    await page.getByRole('alert').getByText(`${left} attempt${left === 1 ? '' : 's'} left`).waitFor()
  }
  await page.locator(CODE).pressSequentially(wrong)
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Start again' }).click()
  t.equal(await page.getByLabel('Email', { exact: true }).inputValue(), who.email)
  await page.getByRole('button', { name: 'Send the code' }).click()
  await page.locator(CODE).waitFor()
  await product.age(61 * 60)
  await page.reload()
  await page.getByText('This attempt is over').waitFor()
  t.equal(await page.getByLabel('Email', { exact: true }).inputValue(), who.email, 'also when its time is up')
})

t.test('the wait that the server asks for is counted down, after a reload too', async (t) => {
  const slow = await startProduct(t, { LIMIT_LOGIN_PER_SOURCE: '1' })
  const { page } = await visit(t, browser, slow)
  const who = person()
  await slow.post('/auth/login', { email: who.email, password: who.password })
  await page.goto('/login')
  await givePassword(page, who)
  const locked = page.getByRole('button', { name: /^Try again in (1:00|0:\d\d)$/ })
  await locked.waitFor()
  t.match(await alertText(page), /Too many attempts/)
  t.ok(await locked.isDisabled())
  await page.reload()
  await locked.waitFor()
  t.ok(await locked.isDisabled())
})

t.test('a hammered address is asked for a proof of work, which the browser gives by itself', async (t) => {
  const hammered = await startProduct(t, { CAPTCHA_AFTER: '1' })
  const { page, context, complaints } = await visit(t, browser, hammered)
  const asked: number[] = []
  context.on('response', (response) => { if (response.url().endsWith('/auth/login')) asked.push(response.status()) })
  const who = person()
  await page.goto('/login')
  await givePassword(page, who)
  await page.getByRole('alert').waitFor()
  await givePassword(page, who)
  await page.waitForResponse((response) => response.url().endsWith('/auth/login') && response.status() === 401)
  await page.getByRole('alert').waitFor()
  t.match(await alertText(page), /Incorrect email or password/)
  t.strictSame(asked, [401, 403, 401])
  t.strictSame(complaints, [])
})
