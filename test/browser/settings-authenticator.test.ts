import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import t from 'tap'
import { appCode, nextAppCode } from './support/authenticator.ts'
import { alertText, CODE, givePassword, signUp, startBrowser, visit } from './support/pages.ts'
import { otherCode, type Person, startProduct } from './support/product.ts'

const product = await startProduct(t)
const browser = await startBrowser(t)

const shownCodes = async (page: Page): Promise<string[]> => await page.locator('.sheet li').allInnerTexts()
const choose = async (page: Page, name: string): Promise<void> => {
  await page.getByRole('button', { name, exact: true }).click()
  await page.getByRole('alertdialog').getByRole('button', { name, exact: true }).click()
}
const signInWith = async (page: Page, who: Person, recoveryCode?: string): Promise<void> => {
  await page.goto('/login')
  await givePassword(page, who)
  await page.getByRole('heading', { name: 'Open your authenticator' }).waitFor()
  if (recoveryCode === undefined) return
  await page.getByRole('button', { name: 'Use a recovery code' }).click()
  await page.getByLabel('Recovery code', { exact: true }).fill(recoveryCode)
  await page.keyboard.press('Enter')
}

t.test('an authenticator: picture and key, on only after its first code, then recovery codes once; all of it signs in', async (t) => {
  const { page, context, complaints } = await visit(t, browser, product, {
    colorScheme: 'dark',
    permissions: ['clipboard-read', 'clipboard-write']
  })
  const who = await signUp(product, page)
  await page.getByRole('link', { name: 'Settings' }).click()
  await page.getByText('They come with an authenticator app or a passkey.').waitFor()
  await page.getByRole('button', { name: 'Set up', exact: true }).click()
  const picture = page.getByAltText('QR code for your authenticator app')
  await picture.waitFor()
  t.ok(await picture.evaluate((image: HTMLImageElement) => image.decode().then(() => image.naturalWidth > 0)), 'the policy lets it be seen')
  t.equal(await picture.evaluate((image) => getComputedStyle(image).backgroundColor), 'rgb(255, 255, 255)', 'on white in the dark')
  t.notOk(await page.getByRole('link', { name: 'Open in the app on this phone' }).isVisible(), 'only a phone has the app')
  await page.getByRole('button', { name: 'Copy', exact: true }).click()
  const secret = await page.evaluate(async () => await navigator.clipboard.readText())
  t.equal((await page.getByTestId('key').innerText()).replaceAll(' ', ''), secret)
  t.match(await page.locator('a[href^="otpauth:"]').getAttribute('href'), `secret=${secret}`)

  await page.locator(CODE).pressSequentially(otherCode(appCode(secret)))
  await page.getByRole('alert').waitFor()
  t.match(await alertText(page), /4 attempts left/)
  await page.locator(CODE).pressSequentially(appCode(secret))
  await page.getByRole('heading', { name: 'Your recovery codes' }).waitFor()
  const codes = await shownCodes(page)
  t.equal(codes.length, 10)
  await page.getByRole('button', { name: 'Copy', exact: true }).click()
  t.match(await page.evaluate(async () => await navigator.clipboard.readText()), codes.join('\n'))
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Download' }).click()])
  t.equal(download.suggestedFilename(), 'dvokrok-recovery-codes.txt')
  t.match(readFileSync(await download.path(), 'utf8'), codes.join('\n'))
  await page.emulateMedia({ media: 'print' })
  t.strictSame(
    [
      await page.locator('.sheet').isVisible(),
      await page.getByRole('navigation').isVisible(),
      await page.getByRole('button').first().isVisible()
    ],
    [true, false, false],
    'the codes are printed alone'
  )
  await page.emulateMedia({ media: 'screen' })
  await page.getByRole('button', { name: 'I’ve saved them' }).click()
  t.equal(await page.evaluate(() => document.activeElement?.id), 'authenticator')
  t.equal(await page.locator('.sheet').count(), 0)

  const { page: other } = await visit(t, browser, product)
  await signInWith(other, who)
  await other.locator(CODE).pressSequentially(nextAppCode(secret))
  await other.getByRole('heading', { name: 'Hello, Olena' }).waitFor()

  const [first = '', second = ''] = codes
  const { page: third } = await visit(t, browser, product)
  await signInWith(third, who, first)
  await third.getByRole('link', { name: 'Settings' }).click()
  await third.getByText('You have 9 codes left.').waitFor()
  await choose(third, 'Create new codes')
  await third.getByRole('heading', { name: 'Your recovery codes' }).waitFor()
  const [fresh = ''] = await shownCodes(third)
  await third.getByRole('button', { name: 'I’ve saved them' }).click()
  await third.getByText('You have 10 codes left.').waitFor()

  const { page: fourth } = await visit(t, browser, product)
  await signInWith(fourth, who, second)
  await fourth.getByRole('alert').waitFor()
  t.match(await alertText(fourth), /Incorrect code/, 'the old set is dead')
  await fourth.getByLabel('Recovery code', { exact: true }).fill(fresh)
  await fourth.keyboard.press('Enter')
  await fourth.getByRole('heading', { name: 'Hello, Olena' }).waitFor()
  await context.close()
  t.strictSame(complaints, [])
})

t.test('beside an authenticator the codes by email are a choice; without it the mailbox opens again', async (t) => {
  const { page, complaints } = await visit(t, browser, product)
  const who = await signUp(product, page)
  await page.goto('/settings#authenticator')
  t.equal(await page.getByRole('button', { name: 'Turn off codes by email' }).count(), 0)
  await page.getByRole('button', { name: 'Set up', exact: true }).click()
  const secret = (await page.getByTestId('key').innerText()).replaceAll(' ', '')
  await page.locator(CODE).pressSequentially(appCode(secret))
  await page.getByRole('button', { name: 'I’ve saved them' }).click()
  await choose(page, 'Turn off codes by email')
  await page.getByText('Codes by email are off.').waitFor()

  const { page: other } = await visit(t, browser, product)
  await signInWith(other, who)
  t.equal(await other.getByRole('button', { name: 'Send a code by email' }).count(), 0)
  await choose(page, 'Turn on codes by email')
  await page.getByText('Codes by email are on.').waitFor()
  await choose(page, 'Remove')
  await page.getByText('The authenticator app has been removed.').waitFor()
  await page.waitForFunction(() => document.activeElement?.id === 'authenticator')
  await page.getByText('They come with an authenticator app or a passkey.').waitFor()
  await other.goto('/login')
  await givePassword(other, who)
  await other.getByRole('heading', { name: 'Check your email' }).waitFor()
  t.strictSame(complaints, [])
})

t.test('a set-up that is used up says so, and can be begun anew; a phone gets a link', async (t) => {
  const { page } = await visit(t, browser, product, { hasTouch: true, isMobile: true, viewport: { width: 360, height: 740 } })
  await signUp(product, page)
  await page.goto('/settings')
  await page.getByRole('button', { name: 'Set up', exact: true }).click()
  const link = page.getByRole('link', { name: 'Open in the app on this phone' })
  await link.waitFor()
  const picture = page.getByAltText('QR code for your authenticator app')
  const [linkBox, pictureBox] = [await link.boundingBox(), await picture.boundingBox()]
  t.ok((linkBox?.y ?? Infinity) < (pictureBox?.y ?? 0), 'before the picture, which a phone cannot scan')
  const secret = (await page.getByTestId('key').innerText()).replaceAll(' ', '')
  for (let left = 4; left >= 0; left--) {
    const answered = page.waitForResponse('**/totp/confirm')
    await page.locator(CODE).pressSequentially(otherCode(appCode(secret)))
    await answered
    if (left > 0) await page.getByRole('alert').getByText(`${left} ${left === 1 ? 'attempt' : 'attempts'} left`).waitFor()
  }
  await page.getByRole('alert').getByText('This setup has expired').waitFor()
  await page.getByRole('button', { name: 'Set up', exact: true }).click()
  await page.getByTestId('key').waitFor()
  t.not((await page.getByTestId('key').innerText()).replaceAll(' ', ''), secret)
  t.equal(await page.getByRole('alert').count(), 0)
})
