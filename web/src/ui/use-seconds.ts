import { useEffect, useState } from 'react'
import { now } from '../session/clock.ts'

const TICK_MS = 250

const left = (deadline: number): number => Math.max(0, Math.ceil((deadline - now()) / 1000))

/** Whole seconds until `deadline` (milliseconds since the epoch), correct even after the tab or the machine has slept. */
export function useSecondsUntil (deadline: number): number {
  const seconds = left(deadline)
  // The state only triggers a render; the value is computed during it, so that a new deadline shows at once.
  const [, wake] = useState(seconds)
  useEffect(() => {
    if (deadline <= now()) return
    const look = (): void => {
      wake(left(deadline))
      if (deadline <= now()) clearInterval(timer)
    }
    const timer = setInterval(look, TICK_MS)
    document.addEventListener('visibilitychange', look)
    return () => {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', look)
    }
  }, [deadline])
  return seconds
}
