import { useEffect } from 'react'
import { ApiProblem } from '@dvokrok/client'
import { whenIdle } from '../app/when-idle.ts'
import { client } from '../client.ts'
import { hasPasskeys } from './passkeys.ts'

/** What is to be signed is good for 5 minutes, and the page may stay open for hours. */
const RENEW_MS = 4 * 60_000

/** While `isOn`, the browser offers its passkeys in the address field. One that is chosen there signs in, or `onRefused` hears why not. */
export function usePasskeyAutofill (isOn: boolean, onRefused: (problem: ApiProblem) => void): void {
  useEffect(() => {
    if (!isOn || !hasPasskeys) return
    let current = new AbortController()
    let askedAt = 0
    let isOver = false
    const offer = (): void => {
      askedAt = Date.now()
      current.abort()
      current = new AbortController()
      client.passkeys.signIn({ autofill: true, signal: current.signal }).catch((error: unknown) => {
        // That a browser cannot do it, or the server cannot be asked, is no news for who did not choose one.
        if (error instanceof ApiProblem && error.code === 'PASSKEY_INVALID' && !isOver) onRefused(error)
      })
    }
    /** Time may stand still for timers while the machine sleeps. */
    const renew = (): void => { if (askedAt > 0 && Date.now() - askedAt >= RENEW_MS && !document.hidden) offer() }
    const cancelIdle = whenIdle(offer)
    const timer = setInterval(renew, RENEW_MS / 8)
    document.addEventListener('visibilitychange', renew)
    return () => {
      isOver = true
      cancelIdle()
      clearInterval(timer)
      document.removeEventListener('visibilitychange', renew)
      current.abort()
    }
  }, [isOn])
}
