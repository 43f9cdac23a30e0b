import t from 'tap'
import { shaped } from '../support/shapes.ts'
import { alertText, askForAccount, CODE, focusedName, startBrowser, visit } from './support/pages.ts'
import { otherCode, person, startProduct } from './support/product.ts'

const product = await startProduct(t)
const browser = await startBrowser(t)

t.test('sign up, read the mail, type the code, be signed in', async (t) => {
  const { page, complaints } = await visit(t, browser, product)
  const who = person()
  await page.goto('/register')
  t.equal(await page.getByLabel('Email', { exact: true }).getAttribute('autocomplete'), 'username')
  t.equal(await page.getByLabel('Password', { exact: true }).getAttribute('autocomplete'), 'new-password')
  await t.resolves(page.getByText('At least 8 characters').waitFor(), 'the rule is there before any error')
  await page.getByLabel('Password', { exact: true }).fill('abc')
  await t.resolves(page.getByText('5 more characters needed.').waitFor(), 'what is missing is told while typing')
  await page.getByRole('button', { name: 'Show password' }).click()
  t.equal(await page.getByLabel('Password', { exact: true }).getAttribute('type'), 'text')
  await page.getByRole('button', { name: 'Hide password' }).click()
  t.equal(await page.getByLabel('Password', { exact: true }).getAttribute('type'), 'password')

  await page.getByLabel('Your name').fill(who.name)
  await page.getByLabel('Email', { exact: true }).fill(who.email)
  await page.getByLabel('Password', { exact: true }).fill(who.password)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Code sent' }).waitFor()
  await page.waitForURL(`**/verify-otp?email=${encodeURIComponent(who.email)}`)

  const code = page.locator(CODE)
  await code.waitFor()
  t.equal(await page.locator(`${CODE}`).count(), 1, 'one input, drawn as boxes')
  t.equal(await page.locator('.box').count(), 6)
  t.match(
    {
      type: await code.getAttribute('type'),
      inputmode: await code.getAttribute('inputmode'),
      autocomplete: await code.getAttribute('autocomplete'),
      focused: await focusedName(page)
    },
    { type: 'text', inputmode: 'numeric', autocomplete: 'one-time-code', focused: 'code' }
  )
  await t.resolves(page.getByText(`If ${who.email} is new here`).waitFor(), 'what was typed here is no secret')
  t.match(await page.getByRole('timer').innerText(), /valid for (10:00|9:\d\d)/)
  await t.resolves(page.getByText('Check your spam folder').waitFor())

  await code.pressSequentially(await product.code(who.email))
  await page.waitForURL('**/dashboard')
  await page.getByText('E-mail confirmed! Welcome!').waitFor()
  await page.getByRole('heading', { name: 'Hello, Olena' }).waitFor()
  const kept = await page.evaluate(() => JSON.stringify({ ...sessionStorage, ...localStorage }))
  t.notMatch(kept, /eyJ|attempt/, 'neither the attempt nor a token is kept')
  t.notMatch(await page.evaluate(() => document.cookie), /eyJ|refresh/, 'no script can read the session')
  t.strictSame(complaints, [])
})

t.test('what was pasted is cleaned, and submits itself', async (t) => {
  const { page, context } = await visit(t, browser, product, { permissions: ['clipboard-read', 'clipboard-write'] })
  const who = person()
  await askForAccount(page, who)
  const right = await product.code(who.email)
  const sent: string[] = []
  context.on('request', (request) => {
    if (request.url().endsWith('/auth/verify-otp')) sent.push(String(shaped<{ otp: string }>(request.postDataJSON()).otp))
  })

  await page.locator(CODE).pressSequentially('12ab')
  t.equal(await page.locator(CODE).inputValue(), '12', 'letters are ignored')
  const wrong = [otherCode(right), otherCode(right, 1), otherCode(right, 2)]
  const pasted = [` ${wrong[0]?.slice(0, 3)} ${wrong[0]?.slice(3)} `, `${wrong[1]?.slice(0, 3)}-${wrong[1]?.slice(3)}`, `Код: ${wrong[2]}`]
  for (const text of pasted) {
    await page.locator(CODE).fill('')
    await page.evaluate(async (text) => { await navigator.clipboard.writeText(text) }, text)
    const answered = page.waitForResponse('**/auth/verify-otp')
    await page.keyboard.press('Control+V')
    await answered
    await page.getByText(/attempts? left/).first().waitFor()
    await page.waitForFunction((selector) => (document.querySelector<HTMLInputElement>(selector)?.value ?? '') === '', CODE)
  }
  t.strictSame(sent, wrong, 'each was sent once')
})

t.test('a wrong code is cleared and says how many are left; used up, it offers a new start with what was typed', async (t) => {
  const { page } = await visit(t, browser, product)
  const who = person()
  await askForAccount(page, who)
  const wrong = otherCode(await product.code(who.email))
  for (const left of [4, 3, 2, 1]) {
    await page.locator(CODE).pressSequentially(wrong)
    await page.getByRole('alert').getByText(`${left} attempt${left === 1 ? '' : 's'} left`).waitFor()
    await page.waitForFunction((selector) => document.querySelector<HTMLInputElement>(selector)?.value === '', CODE)
    t.equal(await focusedName(page), 'code')
    t.equal(await page.locator(CODE).getAttribute('aria-invalid'), 'true')
  }
  await page.locator(CODE).pressSequentially(wrong)
  await page.getByRole('button', { name: 'Start again' }).waitFor()
  t.match(await alertText(page), /last attempt/)
  t.equal(await page.locator(CODE).count(), 0, 'nothing can be typed any more')
  await page.getByRole('button', { name: 'Start again' }).click()
  await page.waitForURL('**/register')
  t.equal(await page.getByLabel('Your name').inputValue(), who.name)
  t.equal(await page.getByLabel('Email', { exact: true }).inputValue(), who.email)
})

t.test('a reload keeps the step, and the way back keeps what was typed', async (t) => {
  const { page } = await visit(t, browser, product)
  const who = person()
  await askForAccount(page, who)
  await page.reload()
  await page.locator(CODE).waitFor()
  await t.resolves(page.getByText(`If ${who.email} is new here`).waitFor())
  t.equal(await focusedName(page), 'code')
  await page.getByRole('link', { name: 'Wrong address? Go back' }).click()
  await page.waitForURL('**/register')
  t.equal(await page.getByLabel('Email', { exact: true }).inputValue(), who.email)
  t.equal(await page.getByLabel('Your name').inputValue(), who.name)
})

t.test('resend is locked on landing, counts down, survives a reload, and sends when its time has come', async (t) => {
  const { page } = await visit(t, browser, product)
  const who = person()
  await askForAccount(page, who)
  const resend = page.getByTestId('resend')
  t.ok(await resend.isDisabled())
  t.match(await resend.innerText(), /Send again in (1:00|0:\d\d)/)
  const width = (await resend.boundingBox())?.width
  await page.reload()
  await page.getByText(/Send again in/).last().waitFor()
  t.ok(await resend.isDisabled(), 'also after a reload')

  await product.age(61)
  await page.reload()
  await page.waitForFunction(() => document.querySelector<HTMLButtonElement>('[data-testid=resend]')?.disabled === false)
  t.equal((await resend.boundingBox())?.width, width, 'its width does not jump')
  const before = (await product.mails(who.email)).length
  await resend.click()
  await page.waitForFunction(() => document.querySelector<HTMLButtonElement>('[data-testid=resend]')?.disabled)
  await page.getByRole('status').getByText('Code sent.').waitFor({ state: 'attached' })
  t.equal(await focusedName(page), 'code')
  await product.mailed(who.email, /./, before)
  await page.locator(CODE).pressSequentially(await product.code(who.email))
  await page.waitForURL('**/dashboard')
})

t.test('an expired code is told, costs nothing, and a new one finishes the sign-up', async (t) => {
  const { page } = await visit(t, browser, product)
  const who = person()
  await askForAccount(page, who)
  const old = await product.code(who.email)
  await product.age(11 * 60)
  await page.locator(CODE).pressSequentially(old)
  await page.getByRole('alert').getByText('This code has expired').waitFor()
  t.notMatch(await alertText(page), /attempts? left/)
  await page.waitForFunction(() => document.querySelector<HTMLButtonElement>('[data-testid=resend]')?.disabled === false)
  await page.getByTestId('resend').click()
  await page.locator(CODE).pressSequentially(await product.code(who.email, old))
  await page.waitForURL('**/dashboard')
})

t.test('a link to the code page without an attempt is no dead end', async (t) => {
  const { page } = await visit(t, browser, product)
  await page.goto('/verify-otp?email=olena%40example.org')
  await page.getByRole('heading', { name: 'This attempt is over' }).waitFor()
  await page.getByRole('link', { name: 'Sign in' }).click()
  await page.waitForURL('**/login')
  t.equal(await page.getByLabel('Email', { exact: true }).inputValue(), 'olena@example.org')
})

t.test('while a code is checked its digits stay, and it is sent once', async (t) => {
  const { page, context } = await visit(t, browser, product)
  const who = person()
  await askForAccount(page, who)
  const right = await product.code(who.email)
  const sent: string[] = []
  let letGo = (): void => {}
  const held = new Promise<void>((resolve) => { letGo = resolve })
  await context.route('**/auth/verify-otp', async (route) => {
    sent.push(route.request().method())
    await held
    await route.continue()
  })
  await page.locator(CODE).pressSequentially(right)
  await page.locator(`${CODE}[aria-busy=true]`).waitFor()
  t.match([await page.locator(CODE).inputValue(), await page.locator(CODE).isEditable()], [right, false])
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Checking the code…' }).dispatchEvent('click')
  letGo()
  await page.waitForURL('**/dashboard')
  t.strictSame(sent, ['POST'])
})

t.test('the timers are right after the tab has slept, and only what matters is read out', async (t) => {
  const { page, context } = await visit(t, browser, product)
  await context.clock.install()
  await askForAccount(page, person())
  const timer = page.getByRole('timer')
  await page.clock.fastForward('05:00')
  await page.getByText(/valid for (5:00|4:\d\d)/).waitFor()
  t.equal(await timer.getAttribute('aria-live'), 'off')
  await page.getByRole('status').getByText('You can ask for another code now.').waitFor({ state: 'attached' })
  await page.clock.fastForward('04:00')
  await page.clock.runFor('00:32')
  await page.getByRole('status').getByText('30 seconds left for the code.').waitFor({ state: 'attached' })
  await page.clock.fastForward('01:00')
  await timer.getByText('The code has expired.').waitFor()
})

t.test('numbers agree with their words in each language', async (t) => {
  const missing = {
    en: ['5 more characters needed.', '1 more character needed.'],
    uk: ['Бракує ще 5 символів.', 'Бракує ще 1 символу.'],
    ru: ['Не хватает ещё 5 символов.', 'Не хватает ещё 1 символа.']
  }
  for (const [locale, [five = '', one = '']] of Object.entries(missing)) {
    const { page } = await visit(t, browser, product, { locale })
    await page.goto('/register')
    await page.locator('input[name=password]').fill('abc')
    await page.getByText(five).waitFor()
    await page.locator('input[name=password]').fill('abcdefg')
    await page.getByText(one).waitFor()
    t.pass(locale)
  }
})
