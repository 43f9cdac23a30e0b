import type { Page } from 'playwright-core'
import t from 'tap'
import { AXE, violations } from './support/axe.ts'
import { CODE, givePassword, signIn, signUp, startBrowser, visit } from './support/pages.ts'
import { addKey, countAsked, offered, signOut, withoutPasskeys } from './support/passkeys.ts'
import { type Person, person, startProduct } from './support/product.ts'
import { startSmallApp } from './support/small-app.ts'
import { plugIn } from './support/virtual-authenticator.ts'

const app = await startSmallApp(t, () => '<main><h1>The application</h1></main>')
const product = await startProduct(t, { RETURN_ORIGINS: app })
const browser = await startBrowser(t)

const section = (page: Page, id = 'passkeys') => page.locator(`section[aria-labelledby="${id}"]`)
const dashboard = async (page: Page): Promise<void> => { await page.getByRole('heading', { name: 'Hello, Olena' }).waitFor() }
const toast = async (page: Page, text: string): Promise<void> => { await page.getByRole('status').getByText(text).waitFor() }
const secondStep = async (page: Page, who: Person): Promise<void> => {
  await page.goto('/login')
  await givePassword(page, who)
  await page.getByRole('heading', { name: 'Confirm with a passkey' }).waitFor()
}

t.test('a passkey is added with a name, renamed and removed, and the browser hears of each', async (t) => {
  const { page, complaints } = await visit(t, browser, product)
  const key = await plugIn(page)
  const who = await signUp(product, page)
  await page.goto('/settings#passkeys')
  await section(page).getByText('No passkeys yet.').waitFor()
  await key.touch(true)
  await page.getByLabel('Passkey name').fill('My laptop')
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await toast(page, 'Passkey added.')
  t.match(await section(page).getByRole('listitem').innerText(), /My laptop\n+Synced between your devices\n+Added: .*Not used yet/s)
  t.match(await key.credentials(), [{ userName: who.email }])

  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await section(page).getByRole('alert').getByText('This device already has a passkey').waitFor()

  await page.reload()
  await section(page).getByText('My laptop', { exact: true }).waitFor()
  t.equal((await key.credentials()).length, 1, 'it is one of those that are accepted')
  await page.getByRole('button', { name: 'Rename: My laptop' }).click()
  await page.getByLabel('Passkey name').first().fill('')
  await page.getByRole('button', { name: 'Save' }).last().click()
  await section(page).getByText('Please fill this in.').waitFor()
  await page.getByLabel('Passkey name').first().fill('Home')
  await page.keyboard.press('Enter')
  await section(page).getByText('Home').waitFor()

  const updated = key.heard('credentialUpdated')
  await page.getByLabel('Your name').fill('Olha')
  await section(page, 'profile').getByRole('button', { name: 'Save' }).click()
  await updated

  const deleted = key.heard('credentialDeleted')
  await page.getByRole('button', { name: 'Remove: Home' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click()
  await section(page).getByText('No passkeys yet.').waitFor()
  await deleted
  t.strictSame(await key.credentials(), [])
  t.strictSame(complaints, [])
})

t.test('with the account its passkeys go from the browser too', async (t) => {
  const { page, complaints } = await visit(t, browser, product)
  const key = await plugIn(page)
  const who = await signUp(product, page)
  await addKey(page, key)
  t.equal((await key.credentials()).length, 1)
  await page.goto('/settings#data')
  const deleted = key.heard('credentialDeleted')
  await page.getByRole('button', { name: 'Delete my account' }).click()
  await page.getByRole('alertdialog').getByRole('textbox').fill(who.email)
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete for good' }).click()
  await page.getByText('Your account has been deleted.').waitFor()
  await deleted
  t.strictSame(await key.credentials(), [])
  t.strictSame(complaints, [])
})

t.test('declined, nothing is added and the page can be used; a browser without passkeys cannot add one', async (t) => {
  const { page, context } = await visit(t, browser, product)
  await plugIn(page)
  await signUp(product, page)
  await context.addInitScript(() => {
    if (!('credentials' in navigator)) return
    navigator.credentials.create = async () => await Promise.reject(new DOMException('declined', 'NotAllowedError'))
  })
  await page.goto('/settings#passkeys')
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await section(page).getByRole('alert').getByText('No passkey was used').waitFor()
  t.ok(await page.getByRole('button', { name: 'Add a passkey' }).isEnabled())
  await section(page).getByText('No passkeys yet.').waitFor()
  await context.addInitScript(withoutPasskeys)
  await page.reload()
  await section(page).getByText('This browser can’t add passkeys.').waitFor()
  t.equal(await page.getByRole('button', { name: 'Add a passkey' }).count(), 0)
})

t.test('the mailed code can be switched off when enough is left, and then the last passkeys stay', async (t) => {
  const { page } = await visit(t, browser, product)
  const key = await plugIn(page)
  const who = await signUp(product, page)
  await addKey(page, key)
  await page.goto('/settings#passkeys')
  const switchOff = async (): Promise<void> => {
    await page.getByRole('button', { name: 'Turn off codes by email' }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Turn off codes by email' }).click()
  }
  await switchOff()
  await page.getByText('Another way is needed first').waitFor()
  const other = await plugIn(page, { transport: 'usb', canVerifyUser: false })
  await addKey(page, other)
  await page.reload()
  await section(page).getByText('Only on one device or security key').waitFor()
  await switchOff()
  await toast(page, 'Codes by email are off.')
  await section(page).getByRole('button', { name: /^Remove/ }).first().click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click()
  await section(page).getByText('This passkey is still needed').waitFor()

  await signOut(page)
  await secondStep(page, who)
  t.equal(await page.getByRole('heading', { name: 'Another way' }).count(), 0, 'there is only this one')
  await key.touch(true)
  await page.getByRole('button', { name: 'Use a passkey' }).click()
  await dashboard(page)

  const { page: bare, context } = await visit(t, browser, product)
  await context.addInitScript(withoutPasskeys)
  await secondStep(bare, who)
  await bare.getByText('This browser can’t use passkeys.').waitFor()
  await bare.getByRole('button', { name: 'Change email or password' }).click()
  await bare.getByRole('button', { name: 'Continue' }).waitFor()
})

t.test('after the password a plain security key will do; the code by mail stays another way, also without passkeys', async (t) => {
  const { page, complaints } = await visit(t, browser, product)
  const key = await plugIn(page, { transport: 'usb', canVerifyUser: false })
  const who = await signUp(product, page)
  await addKey(page, key)
  await signOut(page)
  const old = await product.code(who.email)
  await secondStep(page, who)
  t.equal(await page.evaluate(() => document.activeElement?.textContent), 'Use a passkey', 'Enter will do')
  await key.touch(true)
  await page.getByLabel('Trust this device').check()
  await page.getByRole('button', { name: 'Use a passkey' }).click()
  await dashboard(page)
  await page.goto('/settings#sessions')
  await section(page, 'sessions').getByText('with a passkey').waitFor()
  await signOut(page)
  await page.goto('/login')
  await givePassword(page, who)
  await dashboard(page)
  t.strictSame(complaints, [])

  const { page: bare, context } = await visit(t, browser, product)
  await context.addInitScript(withoutPasskeys)
  await bare.goto('/login')
  await givePassword(bare, who)
  await bare.getByRole('button', { name: 'Send a code', exact: true }).click()
  await bare.locator(CODE).pressSequentially(await product.code(who.email, old))
  await dashboard(bare)
})

t.test('a declined prompt leaves the second step usable', async (t) => {
  const { page } = await visit(t, browser, product)
  const key = await plugIn(page)
  const who = await signUp(product, page)
  await addKey(page, key)
  await signOut(page)
  const old = await product.code(who.email)
  await secondStep(page, who)
  await page.evaluate(() => {
    navigator.credentials.get = async () => await Promise.reject(new DOMException('declined', 'NotAllowedError'))
  })
  await page.getByRole('button', { name: 'Use a passkey' }).click()
  await page.getByRole('alert').getByText('No passkey was used').waitFor()
  await page.getByRole('button', { name: 'Send a code by email' }).click()
  await page.locator(CODE).pressSequentially(await product.code(who.email, old))
  await dashboard(page)
  t.pass()
})

t.test('a passkey proves again who it is: at once, or after the password', async (t) => {
  const { page, complaints } = await visit(t, browser, product)
  const key = await plugIn(page)
  const who = await signUp(product, page)
  await addKey(page, key)
  await key.touch(true)
  for (const way of ['at once', 'after the password']) {
    await product.age(11 * 60)
    await page.goto('/settings#passkeys')
    await page.getByRole('button', { name: /^Rename: / }).click()
    await page.getByLabel('Passkey name').first().fill(`Named ${way}`)
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog')
    if (way === 'after the password') {
      await dialog.getByLabel('Password', { exact: true }).fill(who.password)
      await dialog.getByRole('button', { name: 'Continue' }).click()
      await dialog.getByRole('heading', { name: 'Confirm with a passkey' }).waitFor()
    }
    await dialog.getByRole('button', { name: 'Use a passkey' }).click()
    await section(page).getByText(`Named ${way}`).waitFor()
    t.equal(await dialog.count(), 0, way)
  }
  t.strictSame(complaints, [])
})

t.test('a passkey is offered after a sign-up and after a code, until “Not now”, which holds for 30 days', async (t) => {
  const { page, context, complaints } = await visit(t, browser, product)
  await plugIn(page)
  const who = await signUp(product, page)
  const offer = page.getByRole('heading', { name: 'Sign in faster next time' })
  await offer.waitFor()
  await page.getByRole('button', { name: 'Not now' }).click()
  t.equal(await offer.count(), 0)
  await page.reload()
  await dashboard(page)
  t.equal(await offer.count(), 0)
  await signOut(page)
  await signIn(product, page, who)
  await dashboard(page)
  t.equal(await offer.count(), 0, 'this device remembers it')
  await context.addInitScript(() => { Date.now = ((now) => () => now() + 31 * 86_400_000)(Date.now) })
  await page.reload()
  await offer.waitFor()
  t.strictSame(complaints, [])
})

t.test('the offer makes a passkey by one click, and is not made to who has one', async (t) => {
  const { page, context } = await visit(t, browser, product)
  await context.addInitScript(countAsked)
  const key = await plugIn(page)
  await signUp(product, page)
  await key.touch(true)
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await toast(page, 'Passkey added.')
  const offer = page.getByRole('heading', { name: 'Sign in faster next time' })
  t.equal(await offer.count(), 0)
  await key.touch(false)
  await signOut(page)
  await page.goto('/login')
  await offered(page)
  await key.touch(true)
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
  await dashboard(page)
  t.equal(await offer.count(), 0)
})

t.test('on the way to the application the offer is one page, once, and the way goes on behind it', async (t) => {
  const { page } = await visit(t, browser, product)
  const wanted = `${app}/there?a=b#c`
  const from = `/login?return_to=${encodeURIComponent(wanted)}`
  const who = person()
  const elsewhere = await visit(t, browser, product)
  await signUp(product, elsewhere.page, who)
  await plugIn(page)
  const enter = async (): Promise<void> => {
    const old = await product.code(who.email)
    await page.goto(from)
    await givePassword(page, who)
    await page.locator(CODE).pressSequentially(await product.code(who.email, old))
  }
  await enter()
  await page.getByRole('heading', { name: 'Sign in faster next time' }).waitFor()
  await page.getByRole('button', { name: 'Not now' }).click()
  await page.waitForURL(wanted)
  await signOut(page)
  await enter()
  await page.waitForURL(wanted)
  t.pass('not offered again')
})

for (const locale of ['en', 'uk', 'ru']) {
  for (const colorScheme of ['light', 'dark'] as const) {
    t.test(`what is about passkeys is accessible, ${locale}, ${colorScheme}`, async (t) => {
      const { page, context, complaints } = await visit(t, browser, product, { locale, colorScheme, reducedMotion: 'reduce' })
      await context.addInitScript({ path: AXE })
      const at = async (name: string): Promise<void> => {
        t.strictSame(await violations(page), [], name)
        if (locale !== 'en') t.match(await page.locator('main').innerText(), /[а-яіїєґё]{3}/i, `${name} speaks the language`)
      }
      const key = await plugIn(page)
      const who = person()
      await page.goto('/register')
      await page.locator('input[name=name]').fill(who.name)
      await page.locator('input[name=email]').fill(who.email)
      await page.locator('input[name=password]').fill(who.password)
      await page.locator('main button[type=submit]').click()
      await page.locator(CODE).pressSequentially(await product.code(who.email))
      await page.locator('#passkey-offer').waitFor()
      await at('the offer')
      await addKey(page, key)
      await page.goto('/settings#passkeys')
      await section(page).locator('li button').first().waitFor()
      await page.locator('main .skeleton').first().waitFor({ state: 'detached' })
      await at('the list')
      await section(page).locator('li button').last().click()
      await page.getByRole('alertdialog').waitFor()
      await at('a question')
      await page.keyboard.press('Escape')
      await section(page).locator('li button').first().click()
      await page.locator('input[name=passkey-new-name]').waitFor()
      await at('a new name')
      await product.age(11 * 60)
      await page.locator('input[name=passkey-new-name]').press('Enter')
      await page.getByRole('dialog').locator('button').nth(2).waitFor()
      await at('the proof')
      await signOut(page)
      await page.locator('main form button').nth(2).waitFor()
      await at('signing in')
      await page.locator('input[name=email]').fill(who.email)
      await page.locator('input[name=password]').fill(who.password)
      await page.locator('main button[type=submit]').click()
      await page.locator('input[type=checkbox]').waitFor()
      await at('the second step')
      t.strictSame(complaints, [])
    })
  }
}
