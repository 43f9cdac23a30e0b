import { loadProfileWords } from '../i18n/profile.ts'
import { loadSettingsWords } from '../i18n/settings.ts'
import cyrillic from '../ui/fonts/onest-cyrillic.woff2?url'
import latin from '../ui/fonts/onest-latin.woff2?url'
import signs from '../ui/fonts/onest-signs.woff2?url'

/** Fetches the code, words and fonts of the next pages while the browser is idle. Returns a function that cancels it. */
export function warmUp (): () => void {
  const fetchNext = (): void => {
    const pages = [
      import('../pages/login-code.tsx'), import('../pages/register.tsx'), import('../pages/verify-otp.tsx'),
      import('../pages/forgot-password.tsx'), import('./signed-in-layout.tsx'), import('../pages/dashboard.tsx'),
      import('../pages/settings.tsx'), loadSettingsWords(), loadProfileWords()
    ]
    // Both alphabets, since a Cyrillic page shows Latin addresses: with `font-display: optional` an uncached font is not used.
    const fonts = [cyrillic, latin, signs].map(async (font) => await fetch(font))
    // A failure is harmless: each page fetches what it needs when it opens.
    Promise.all([...pages, ...fonts]).catch(() => {})
  }
  if (!('requestIdleCallback' in window)) {
    const timer = setTimeout(fetchNext, 2000)
    return () => { clearTimeout(timer) }
  }
  const handle = requestIdleCallback(fetchNext, { timeout: 5000 })
  return () => { cancelIdleCallback(handle) }
}
