import t from 'tap'
import { SHIPPED_LOCALES } from '../../src/platform/locales/index.ts'
import { renderMail } from '../../src/platform/mail/render.ts'
import { messages } from '../support/mails.ts'
import { AXE, violations } from './support/axe.ts'
import { startBrowser } from './support/pages.ts'

const browser = await startBrowser(t)

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [375, 600]) {
    t.test(`every mail fits ${width} pixels and can be read, ${colorScheme}`, async (t) => {
      const context = await browser.newContext({ viewport: { width, height: 700 }, colorScheme })
      t.teardown(async () => { await context.close() })
      const page = await context.newPage()
      for (const locale of SHIPPED_LOCALES) {
        for (const [kind, message] of Object.entries(messages)) {
          await page.setContent(renderMail(message, { locale, publicUrl: 'https://id.example.org' }).html)
          const seen = await page.evaluate(() => ({
            width: document.documentElement.scrollWidth,
            // Of what is drawn: the preview line is hidden.
            cut: [...document.querySelectorAll('p, td, a, h1, h2, span')].filter((one) => one.scrollWidth > one.clientWidth + 1 &&
              getComputedStyle(one).display !== 'inline').length
          }))
          t.strictSame(seen, { width, cut: 0 }, `${locale} ${kind}`)
        }
        await page.addScriptTag({ path: AXE })
        // Landmarks are the mail program's.
        t.strictSame((await violations(page)).filter((one) => !/^(?:landmark|region)/.test(one)), [], locale)
      }
    })
  }
}
