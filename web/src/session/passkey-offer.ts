import { useEffect, useState } from 'react'
import type { User } from '@dvokrok/client'
import { now } from './clock.ts'
import { hasPasskeys } from './passkeys.ts'

const DUE = 'dvokrok.passkey-offer'
const LATER = 'dvokrok.passkey-later'
const LATER_MS = 30 * 86_400_000

/** Who has just typed a code in this tab may like to do without. */
export const dueOffer = (): void => { sessionStorage.setItem(DUE, '1') }

/** "Not now": on this device it is not offered again for a while. */
export const postponeOffer = (): void => { localStorage.setItem(LATER, String(now() + LATER_MS)) }

const isDue = (user: User | null): boolean => hasPasskeys && user !== null && !user.secondFactors.includes('passkey') &&
  sessionStorage.getItem(DUE) !== null && Number(localStorage.getItem(LATER) ?? 0) < now()

/** Whether a passkey is offered here and now; null while the browser is asked whether this device can keep one. */
export function usePasskeyOffer (user: User | null): { isOffered: boolean | null, close: () => void } {
  const [isOffered, setOffered] = useState<boolean | null>(() => isDue(user) ? null : false)
  useEffect(() => {
    if (isOffered !== null) return
    PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable().then(setOffered, () => { setOffered(false) })
  }, [isOffered])
  const close = (): void => {
    sessionStorage.removeItem(DUE)
    setOffered(false)
  }
  return { isOffered, close }
}
