import t from 'tap'
import { AXE, violations } from './support/axe.ts'
import { FAINT, FAINT_SOURCE } from './support/contrast.ts'
import { startBrowser, visit } from './support/pages.ts'
import { startProduct } from './support/product.ts'

const product = await startProduct(t, { BRAND_NAME: 'Kobzar & Söhne', BRAND_COLOR: '#0b6e4f' })
const browser = await startBrowser(t)

/** What makes two pages look alike. */
const LOOK = `(() => {
  const style = getComputedStyle(document.body)
  const root = getComputedStyle(document.documentElement)
  return {
    icon: document.querySelector('link[rel=icon]').href, font: style.fontFamily, ink: style.color, ground: root.background,
    accent: getComputedStyle(document.querySelector('main a')).color
  }
})()`

for (const colorScheme of ['light', 'dark'] as const) {
  t.test(`the API page looks like the sign-in page and is accessible, ${colorScheme}`, async (t) => {
    const { page, complaints, context } = await visit(t, browser, product, { colorScheme })
    await context.addInitScript({ path: AXE })
    await context.addInitScript(FAINT_SOURCE)
    await page.goto('/login')
    await page.locator('h1').waitFor()
    const pages = await page.evaluate(LOOK)
    const answer = await page.goto('/docs')
    await page.locator('h1').waitFor()
    t.strictSame(await page.evaluate(LOOK), pages, 'mark, font and colours')
    t.ok(await page.locator('link[rel=preload][as=font]').count(), 'the font is asked for at once')
    t.equal(await page.title(), 'Kobzar & Söhne API')
    t.equal(await page.getByRole('banner').innerText(), 'Kobzar & Söhne')
    t.notMatch(answer?.headers()['content-security-policy'], /unsafe|script|https:/, 'nothing may run')
    t.strictSame(await violations(page), [])
    await page.evaluate(() => { for (const one of document.querySelectorAll('details')) one.open = true })
    t.strictSame(await violations(page), [], 'all of it')
    t.strictSame(await page.evaluate(FAINT), [])
    t.strictSame(complaints, [])
  })
}

t.test('the API page begins with what a newcomer needs, and leads to each part', async (t) => {
  const { page } = await visit(t, browser, product, { viewport: { width: 320, height: 640 } })
  await page.goto('/docs')
  const groups = await page.locator('h2').allInnerTexts()
  t.strictSame(groups, [
    'Sign-up and sign-in', 'Sessions', 'Account', 'Two-step verification', 'Services', 'Administration', 'Operations', 'Development',
    'Authentication', 'Schemas'
  ])
  const first = (await page.locator('summary h3').allInnerTexts()).slice(0, 3)
  t.strictSame(first, ['POST /auth/register', 'POST /auth/verify-otp', 'POST /auth/login'])
  t.strictSame(await page.getByRole('navigation').getByRole('link').allInnerTexts(), groups)
  await page.getByRole('navigation').getByRole('link', { name: 'Sessions' }).click()
  await page.getByText('POST /auth/refresh', { exact: true }).click()
  await page.getByText("curl -X POST '").locator('visible=true').waitFor()
  await page.evaluate(() => { for (const one of document.querySelectorAll('details')) one.open = true })
  const [needed, there] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth])
  t.ok((needed ?? 0) <= (there ?? 0), `nothing is scrolled sideways: ${needed} of ${there}`)
  const lost = await page.evaluate(() => [...document.querySelectorAll('a[href^="#"]')]
    .filter((link) => !document.querySelector(link.getAttribute('href') ?? '')).map((link) => link.outerHTML))
  t.strictSame(lost, [], 'every link leads somewhere')
})
