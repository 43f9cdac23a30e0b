// Draws every mail as a phone and a desktop show it, 375 and 600 pixels wide, light and dark: npm run mails:pictures -- FOLDER [LOCALE]
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { renderMail } from '../src/platform/mail/render.ts'
import { messages } from '../test/support/mails.ts'
import { findChromium } from './chromium.js'

const [folder, locale = 'en'] = process.argv.slice(2)
const executablePath = findChromium()
if (!folder || !executablePath) {
  console.error('Usage: npm run mails:pictures -- FOLDER [LOCALE]')
  process.exit(1)
}
mkdirSync(folder, { recursive: true })
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
for (const width of [375, 600]) {
  for (const colorScheme of ['light', 'dark']) {
    const page = await browser.newPage({ viewport: { width, height: 700 }, colorScheme })
    for (const [kind, message] of Object.entries(messages)) {
      await page.setContent(renderMail(message, { locale, publicUrl: 'https://id.example.org' }).html)
      await page.screenshot({ path: join(folder, `${kind}-${width}-${colorScheme}.png`), fullPage: true })
    }
    await page.close()
  }
}
await browser.close()
