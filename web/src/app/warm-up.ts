import { loadProfileWords } from '../i18n/profile.ts'
import { loadSettingsWords } from '../i18n/settings.ts'
import cyrillic from '../ui/fonts/onest-cyrillic.woff2?url'
import latin from '../ui/fonts/onest-latin.woff2?url'
import signs from '../ui/fonts/onest-signs.woff2?url'

/** While nothing else is to do, fetches what the next steps need: nobody waits for it then. */
export function warmUp (): () => void {
  const fetchNext = (): void => {
    const pages = [import('../pages/login-code.tsx'), import('../pages/register.tsx'), import('../pages/verify-otp.tsx'), import('../pages/forgot-password.tsx'), import('./signed-in-layout.tsx'), import('../pages/dashboard.tsx'), import('../pages/settings.tsx'), loadSettingsWords(), loadProfileWords()]
    // Letters of the other alphabet too, such as those of an address: a font that is not in the cache comes too late to be shown.
    const fonts = [cyrillic, latin, signs].map(async (font) => await fetch(font))
    // Out of reach now, asked for again when needed.
    Promise.all([...pages, ...fonts]).catch(() => {})
  }
  if (!('requestIdleCallback' in window)) {
    const timer = setTimeout(fetchNext, 2000)
    return () => { clearTimeout(timer) }
  }
  const handle = requestIdleCallback(fetchNext, { timeout: 5000 })
  return () => { cancelIdleCallback(handle) }
}
