import { loadSettingsWords } from '../i18n/index.ts'
import cyrillic from '../ui/fonts/onest-cyrillic.woff2?url'
import latin from '../ui/fonts/onest-latin.woff2?url'
import { whenIdle } from './when-idle.ts'

/** Fetches the code, words and fonts of the next pages while the browser is idle. Returns a function that cancels it. */
export function warmUp (): () => void {
  const fetchNext = (): void => {
    const pages = [
      import('../pages/login-code.tsx'), import('../pages/register.tsx'), import('../pages/verify-otp.tsx'),
      import('../pages/forgot-password.tsx'), import('./signed-in-layout.tsx'), import('../pages/dashboard.tsx'),
      import('../pages/settings.tsx'), loadSettingsWords()
    ]
    // Both alphabets, since a Cyrillic page shows Latin addresses: with `font-display: optional` an uncached font is not used.
    const fonts = [cyrillic, latin].map(async (font) => await fetch(font))
    // A failure is harmless: each page fetches what it needs when it opens.
    Promise.all([...pages, ...fonts]).catch(() => {})
  }
  return whenIdle(fetchNext)
}
