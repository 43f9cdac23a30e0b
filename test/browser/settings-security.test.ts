import type { Locator, Page } from 'playwright-core'
import t from 'tap'
import { alertText, call, CODE, givePassword, signIn, signUp, startBrowser, visit } from './support/pages.ts'
import { otherCode, type Person, person, startProduct } from './support/product.ts'

const product = await startProduct(t)
const browser = await startBrowser(t)
/** A proof is recent for ten minutes. */
const TOO_LONG_SECONDS = 11 * 60

const section = (page: Page, name: string): Locator => page.getByRole('region', { name })
const said = async (page: Page, text: string): Promise<void> => { await page.getByRole('status').getByText(text).waitFor() }
const choose = async (page: Page, name: string, confirm = name): Promise<void> => {
  await page.getByRole('button', { name, exact: true }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: confirm, exact: true }).click()
}

/** Gives the password in the dialog, and what follows is up to the account. */
const prove = async (page: Page, { password }: Person): Promise<void> => {
  await page.getByRole('dialog').getByLabel('Password', { exact: true }).fill(password)
  await page.keyboard.press('Enter')
}

t.test('the second step is switched off and on, each time proven anew', async (t) => {
  const { page, complaints } = await visit(t, browser, product)
  const who = await signUp(product, page)
  await page.getByRole('link', { name: 'Settings' }).click()
  await page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor()
  const step = section(page, 'Two-step verification')
  t.match(await step.innerText(), /basic protection/)

  await product.age(TOO_LONG_SECONDS)
  await choose(page, 'Turn off')
  const dialog = page.getByRole('dialog')
  await prove(page, { ...who, password: 'something-else' })
  await dialog.getByText('Incorrect password.').waitFor()
  const old = await product.code(who.email)
  await prove(page, who)
  await dialog.getByRole('heading', { name: 'Check your email' }).waitFor()
  const right = await product.code(who.email, old)
  await dialog.locator(CODE).pressSequentially(otherCode(right))
  await dialog.getByRole('alert').getByText('4 attempts left').waitFor()
  await dialog.locator(CODE).pressSequentially(right)
  await said(page, 'Two-step verification is off.')
  await dialog.waitFor({ state: 'detached' })
  await step.getByText('your password alone is enough to sign in').waitFor()
  await page.waitForFunction(() => document.activeElement?.textContent === 'Turn on')
  const red = await page.getByRole('button', { name: 'Delete my account' }).evaluate((button) => getComputedStyle(button).color)
  t.not(await page.getByRole('button', { name: 'Turn on' }).evaluate((button) => getComputedStyle(button).color), red)

  await product.age(TOO_LONG_SECONDS)
  await choose(page, 'Turn on')
  await prove(page, who)
  await said(page, 'Two-step verification is on.')
  await dialog.waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByRole('button', { name: 'Continue' }).waitFor()
  t.strictSame(complaints, [])
})

t.test('whoever came in by the password alone and switches the second step on gives the first code at once, and comes back', async (t) => {
  const { page, complaints } = await visit(t, browser, product)
  const who = await signUp(product, page)
  await call(page, 'PATCH', '/users/me', { isTwoFactorEnabled: false })
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.waitForURL('**/login')
  await givePassword(page, who)
  await page.getByRole('link', { name: 'Settings' }).click()
  const old = await product.code(who.email)
  await choose(page, 'Turn on')
  await page.waitForURL('**/login?next=*')
  await page.locator(CODE).pressSequentially(await product.code(who.email, old))
  await page.waitForURL('**/settings')
  await section(page, 'Two-step verification').getByText('Two-step verification is on.').waitFor()
  t.strictSame(complaints, [])
})

t.test('a proof that is called off changes nothing and gives the focus back', async (t) => {
  const { page } = await visit(t, browser, product)
  await signUp(product, page)
  await page.goto('/settings#second-step')
  await product.age(TOO_LONG_SECONDS)
  await choose(page, 'Turn off')
  await page.getByRole('dialog').waitFor()
  t.equal(await page.evaluate(() => document.activeElement?.getAttribute('name')), 'password')
  await page.keyboard.press('Escape')
  await page.waitForFunction(() => document.activeElement?.textContent === 'Turn off')
  await t.resolves(section(page, 'Two-step verification').getByText('Two-step verification is on.').waitFor())
  t.equal(await page.getByRole('alert').count(), 0)
})

t.test('too many wrong codes in a proof end the session, which the login explains', async (t) => {
  const { page } = await visit(t, browser, product)
  const who = await signUp(product, page)
  await page.goto('/settings')
  await product.age(TOO_LONG_SECONDS)
  const old = await product.code(who.email)
  await choose(page, 'Turn off')
  await prove(page, who)
  const wrong = otherCode(await product.code(who.email, old))
  for (let left = 4; left >= 0; left--) {
    await page.locator(CODE).pressSequentially(wrong)
    if (left > 0) await page.getByRole('alert').getByText(`${left} ${left === 1 ? 'attempt' : 'attempts'} left`).first().waitFor()
  }
  await page.waitForURL('**/login?next=*')
  await page.getByText('Your session has ended').waitFor()
  t.equal(await page.getByRole('dialog').count(), 0)
})

t.test('what the server refuses is told in words: a short password cannot stand alone, a required step stays', async (t) => {
  const { page } = await visit(t, browser, product)
  await signUp(product, page, { ...person(), password: 'gravel-7-otter' })
  await page.goto('/settings')
  await choose(page, 'Turn off')
  await page.getByRole('alert').waitFor()
  t.match(await alertText(page), /too short for that\s+Without two-step verification it needs at least 15/)

  const strict = await startProduct(t, { TWO_FACTOR_REQUIRED: 'true' })
  const other = await visit(t, browser, strict)
  await signUp(strict, other.page)
  await other.page.goto('/settings')
  await other.page.getByText('This service requires two-step verification').waitFor()
  t.equal(await other.page.getByRole('button', { name: 'Turn off' }).count(), 0)
})

t.test('a session is ended from elsewhere: its next action lands on the login with the reason, and leads back', async (t) => {
  const { page } = await visit(t, browser, product)
  const who = await signUp(product, page)
  const elsewhere = await visit(t, browser, product, {
    userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'
  })
  await signIn(product, elsewhere.page, who)
  await elsewhere.page.getByRole('link', { name: 'Settings' }).click()
  await elsewhere.page.getByRole('link', { name: 'Sessions' }).click()

  await page.goto('/settings#sessions')
  await page.waitForFunction(() => document.activeElement?.id === 'sessions')
  const row = section(page, 'Sessions').getByRole('listitem').filter({ hasText: 'Firefox on Linux' })
  t.match(await row.innerText(), /127\.0\.0\.1 · with two-step verification\s+Signed in: .+\s+Last seen: /)
  t.equal(await section(page, 'Sessions').getByText('This device').count(), 1)
  await row.getByRole('button', { name: 'End the session: Firefox on Linux' }).click()
  await said(page, 'The session has ended.')
  await row.waitFor({ state: 'detached' })
  t.equal(await page.evaluate(() => document.activeElement?.id), 'sessions')

  await elsewhere.page.getByRole('button', { name: 'Turn off' }).click()
  await elsewhere.page.getByRole('alertdialog').getByRole('button', { name: 'Turn off' }).click()
  await elsewhere.page.waitForURL('**/login?next=*')
  await elsewhere.page.getByText('Your session has ended').waitFor()
  const old = await product.code(who.email)
  await givePassword(elsewhere.page, who)
  await elsewhere.page.locator(CODE).pressSequentially(await product.code(who.email, old))
  await elsewhere.page.waitForURL('**/settings#sessions')

  await page.reload()
  await choose(page, 'End all other sessions')
  await said(page, 'All other sessions have ended.')
  await elsewhere.page.goto('/dashboard')
  await elsewhere.page.getByText('Your session has ended').waitFor()
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByText('You’ve signed out.').waitFor()
})

t.test('a trusted device is listed, and asked for a code again once it is trusted no more', async (t) => {
  const { page, complaints } = await visit(t, browser, product)
  const who = await signUp(product, page)
  await page.goto('/settings')
  await section(page, 'Trusted devices').getByText('No trusted devices yet.').waitFor()
  await section(page, 'Sessions').getByRole('button', { name: 'Sign out' }).click()
  await page.waitForURL('**/login*')
  await signIn(product, page, who, { trust: true })
  await page.goto('/settings#devices')
  const row = section(page, 'Trusted devices').getByRole('listitem')
  await row.getByText('This device').waitFor()
  t.match(await row.innerText(), /Trusted until: /)
  await row.getByRole('button', { name: /^Stop trusting/ }).click()
  await section(page, 'Trusted devices').getByText('No trusted devices yet.').waitFor()
  await section(page, 'Sessions').getByRole('button', { name: 'Sign out' }).click()
  await page.waitForURL('**/login*')
  await givePassword(page, who)
  await page.locator(CODE).waitFor()
  t.strictSame(complaints, [])
})
