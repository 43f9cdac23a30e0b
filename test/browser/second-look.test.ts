import type { Page } from 'playwright-core'
import t from 'tap'
import { shaped } from '../support/shapes.ts'
import { appCode } from './support/authenticator.ts'
import { alertText, askForAccount, CODE, givePassword, signUp, startBrowser, visit } from './support/pages.ts'
import { otherCode, person, startProduct } from './support/product.ts'

const product = await startProduct(t, { BRAND_NAME: 'Kobzar' })
const browser = await startBrowser(t)

const styleOf = async (page: Page, selector: string, name: string): Promise<string> =>
  await page.locator(selector).first().evaluate((element, name) => getComputedStyle(element).getPropertyValue(name), name)

t.test('with forced colours digits are seen once, buttons have a frame, and the chosen language is marked', async (t) => {
  const { page } = await visit(t, browser, product, { forcedColors: 'active' })
  await askForAccount(page, person())
  t.equal(await styleOf(page, CODE, 'color'), 'rgba(0, 0, 0, 0)', 'the boxes show them')
  t.equal(await styleOf(page, 'main button', 'border-top-style'), 'solid')
  const pressed = await styleOf(page, '[aria-pressed=true]', 'background-color')
  t.not(pressed, await styleOf(page, '[aria-pressed=false]', 'background-color'))
})

t.test('every input shows that it has the focus, also with a mistake in it', async (t) => {
  const { page } = await visit(t, browser, product)
  for (const path of ['/login', '/register', '/forgot-password']) {
    await page.goto(path)
    for (const state of ['as it is', 'with mistakes']) {
      if (state === 'with mistakes') await page.locator('button[type=submit]').click()
      for (const input of await page.locator('main input').all()) {
        await input.blur()
        const ring = async (): Promise<string> => await input.evaluate((element) => {
          const { outlineStyle, outlineWidth } = getComputedStyle(element)
          return `${outlineStyle} ${outlineWidth}`
        })
        const without = await ring()
        await input.focus()
        t.equal(await ring(), 'solid 3px', `${path} ${await input.getAttribute('name')} ${state}`)
        t.not(await ring(), without)
      }
    }
  }
})

t.test('after a reload no field holds a password that nobody typed', async (t) => {
  const { page, context } = await visit(t, browser, product)
  const who = await signUp(product, page)
  await context.clearCookies()
  await page.evaluate(() => { localStorage.clear() })
  await page.goto('/login')
  await givePassword(page, who)
  await page.locator(CODE).waitFor()
  t.match(await page.locator('main').innerText(), who.email.slice(0, 5))
  await page.getByText(`code to ${who.email}`).waitFor()
  await page.reload()
  await page.locator(CODE).waitFor()
  t.equal(await page.locator('input[type=password]').count(), 0)
})

t.test('a message covers neither the heading nor, on a phone, name and language', async (t) => {
  for (const viewport of [{ width: 375, height: 700 }, { width: 1024, height: 900 }]) {
    const { page } = await visit(t, browser, product, { viewport })
    await askForAccount(page, person())
    const to = new URL(page.url()).searchParams.get('email') ?? ''
    await page.locator(CODE).pressSequentially(await product.code(to))
    const message = page.getByRole('status').getByText('E-mail confirmed!')
    await message.waitFor()
    await page.getByRole('heading', { name: /^Hello/ }).waitFor()
    const box = await message.boundingBox()
    for (const selector of ['h1', 'header a', 'header [role=group]']) {
      const there = await page.locator(selector).first().boundingBox()
      const isClear = box && there && (there.y + there.height <= box.y || there.y >= box.y + box.height)
      t.ok(isClear, `${viewport.width}: ${selector}`)
    }
  }
})

t.test('when the code has expired a new one is the one thing to ask for, and that it is sent can be seen', async (t) => {
  const { page } = await visit(t, browser, product)
  await askForAccount(page, person())
  await product.age(11 * 60)
  await page.reload()
  const send = page.getByRole('button', { name: 'Send a code', exact: true })
  await send.waitFor()
  t.equal(await page.locator('main form button.bg-accent').count(), 1, 'one primary button')
  t.match(await send.getAttribute('class'), /bg-accent/)
  await send.click()
  await page.getByText('Code sent.').waitFor()
  t.ok(((await page.getByText('Code sent.').boundingBox())?.width ?? 0) > 20, 'for everybody')
  await page.getByRole('button', { name: 'Confirm' }).waitFor()
  t.notMatch(await page.locator('main').innerText(), /seconds?\b/, 'no seconds that stand still')
})

t.test('used-up attempts are told by the heading, with one button that has the focus', async (t) => {
  const { page } = await visit(t, browser, product)
  const who = person()
  await askForAccount(page, who)
  const wrong = otherCode(await product.code(who.email))
  await page.getByText(`If ${who.email} is new here`).waitFor()
  for (const left of [4, 3, 2, 1]) {
    await page.locator(CODE).pressSequentially(wrong)
    await page.getByRole('alert').getByText(`${left} attempt`).waitFor()
  }
  await page.locator(CODE).pressSequentially(wrong)
  await page.getByRole('heading', { level: 1, name: 'This attempt is over' }).waitFor()
  await page.waitForFunction(() => document.activeElement?.textContent === 'Start again')
  t.equal(await page.locator('main button').count(), 1)
  await page.reload()
  await page.getByRole('heading', { level: 1, name: 'This attempt is over' }).waitFor()
})

t.test('a fault is told once, where it is, and until it is being corrected', async (t) => {
  const { page } = await visit(t, browser, product)
  await page.goto('/register')
  await page.getByLabel('Your name').fill('Olena')
  await page.getByLabel('Email', { exact: true }).fill('olena')
  await page.getByLabel('Password', { exact: true }).fill('password')
  await page.getByRole('button', { name: 'Create account' }).click()
  await page.getByText('Enter an address like').waitFor()
  await page.getByLabel('Email', { exact: true }).pressSequentially('@example.org')
  await page.getByText('Enter an address like').waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Create account' }).click()
  await page.locator('input[name=password][aria-invalid=true]:focus').waitFor()
  t.equal(await page.getByRole('alert').count(), 0, 'the field says it')
  await page.getByLabel('Password', { exact: true }).pressSequentially('-wooden-lantern')
  await page.locator('[aria-invalid=true]').waitFor({ state: 'detached' })

  await page.goto('/login')
  await givePassword(page, person())
  await page.getByRole('alert').waitFor()
  t.match(await alertText(page), /Incorrect/)
  await page.getByLabel('Password', { exact: true }).pressSequentially('x')
  await page.getByRole('alert').waitFor({ state: 'detached' })
})

t.test('settings lead out, mark where one is, and warn before recovery codes are left that nobody has kept', async (t) => {
  const { page } = await visit(t, browser, product)
  await signUp(product, page)
  await page.goto('/settings#sessions')
  await page.locator('nav [aria-current]').getByText('Sessions').waitFor()
  await page.goto('/settings#authenticator')
  await page.locator('nav [aria-current]').getByText('Authenticator').waitFor()
  t.equal(await page.locator('nav [aria-current]').count(), 1)
  const header = page.locator('main header')
  t.equal(await header.getByRole('link', { name: 'Sign out' }).getAttribute('href'), '/logout')

  await page.getByRole('button', { name: /^Set up/ }).click()
  const key = await page.getByTestId('key').innerText()
  await page.locator(CODE).pressSequentially(appCode(key.replaceAll(' ', '')))
  const saved = page.getByRole('button', { name: 'I’ve saved them' })
  await saved.waitFor()
  const asked: string[] = []
  page.on('dialog', (dialog) => {
    asked.push(dialog.type())
    dialog.dismiss().catch(() => {})
  })
  const dashboard = header.getByRole('link', { name: 'Your account' })
  await dashboard.click()
  t.match([asked, page.url()], [['confirm'], /settings/])
  await page.close({ runBeforeUnload: true })
  while (asked.length < 2) await page.waitForEvent('dialog')
  t.equal(asked[1], 'beforeunload')
  await saved.click()
  await dashboard.click()
  await page.waitForURL('**/dashboard')
  t.equal(asked.length, 2, 'nothing is asked once they are kept')
})

t.test('without script there is the sentence alone', async (t) => {
  const { page } = await visit(t, browser, product, { javaScriptEnabled: false })
  await page.goto('/login')
  t.ok(await page.locator('.noscript').isVisible())
  t.notOk(await page.locator('.skeleton-card').isVisible())
})

t.test('with text of 200 % a phone of 375 pixels shows all; keyboards name what their key does', async (t) => {
  for (const locale of ['en', 'uk', 'ru']) {
    const { page } = await visit(t, browser, product, { locale, viewport: { width: 375, height: 700 } })
    for (const path of ['/login', '/register', '/forgot-password']) {
      await page.goto(path)
      await page.locator('main input').first().waitFor()
      await page.evaluate(() => { document.documentElement.style.fontSize = '200%' })
      const [needed, there] = shaped<[number, number]>(await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]))
      t.ok(needed <= there, `${locale} ${path}: ${needed} of ${there}`)
      t.equal(await page.locator('main input:not([enterkeyhint])').count(), 0)
    }
  }
})

t.test('a likely slip in an address is offered for correction, and may stay', async (t) => {
  const { page } = await visit(t, browser, product)
  for (const path of ['/register', '/login', '/forgot-password']) {
    await page.goto(path)
    const email = page.getByLabel('Email', { exact: true })
    await email.fill('olena@gmial.com')
    await page.getByRole('status').getByRole('button', { name: 'Did you mean olena@gmail.com?' }).click()
    t.equal(await email.inputValue(), 'olena@gmail.com', path)
    t.equal(await page.getByText('Did you mean').count(), 0)
  }
})

t.test('a Cyrillic page has Latin letters of its own face, too, and asks for them with its first bytes', async (t) => {
  const { page, context } = await visit(t, browser, product, { locale: 'uk' })
  await page.goto('/login')
  const links = page.locator('link[rel=preload][as=font]')
  const paths = await links.evaluateAll((all) => all.map((link) => link.getAttribute('href') ?? ''))
  t.match(paths.map((path) => /onest-[a-z]+/.exec(path)?.[0]).toSorted(), ['onest-cyrillic', 'onest-latin'])
  // Now they are in the cache, however slow this machine was.
  await page.reload()
  await page.locator('h1').waitFor()
  const client = await context.newCDPSession(page)
  await client.send('DOM.enable')
  await client.send('CSS.enable')
  const { root } = await client.send('DOM.getDocument')
  const { nodeIds } = await client.send('DOM.querySelectorAll', { nodeId: root.nodeId, selector: 'body *' })
  const fontsOf = async (nodeId: number) => (await client.send('CSS.getPlatformFontsForNode', { nodeId })).fonts
  const used = (await Promise.all(nodeIds.map(fontsOf))).flat()
  t.ok(used.length > 0)
  t.strictSame(used.filter(({ isCustomFont }) => !isCustomFont).map(({ familyName }) => familyName), [])
})
