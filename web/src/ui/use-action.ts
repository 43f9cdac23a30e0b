import { useEffect, useRef, useState } from 'react'
import { ApiProblem } from '@dvokrok/client'
import { lockedUntil, lockUntil } from '../session/locks.ts'

const SLOW_MS = 4000

/** Thrown when the user cancels an action; not shown as an error. A question to the browser that was called off is neither. */
export class Cancelled extends Error {}

export const isAborted = (error: unknown): boolean => error instanceof Error && error.name === 'AbortError'

export interface Action<Args extends unknown[]> {
  run: (...args: Args) => void
  isPending: boolean
  /** True once the action has run for several seconds. */
  isSlow: boolean
  problem: ApiProblem | null
  clear: () => void
  /** Locked until this time (milliseconds since the epoch); survives a reload. */
  lockedUntil: number
}

/** Runs `work` one call at a time and keeps its error for display. `name` is the key under which a `Retry-After` is stored. */
export function useAction<Args extends unknown[]> (name: string, work: (...args: Args) => Promise<void>): Action<Args> {
  const [problem, setProblem] = useState<ApiProblem | null>(null)
  const [isPending, setPending] = useState(false)
  const [isSlow, setSlow] = useState(false)
  const [until, setUntil] = useState(() => lockedUntil(name))
  const isRunning = useRef(false)

  useEffect(() => {
    if (!isPending) return
    const timer = setTimeout(() => { setSlow(true) }, SLOW_MS)
    return () => {
      clearTimeout(timer)
      setSlow(false)
    }
  }, [isPending])

  const execute = async (...args: Args): Promise<void> => {
    if (isRunning.current) return
    isRunning.current = true
    setProblem(null)
    setPending(true)
    try {
      await work(...args)
    } catch (error) {
      if (error instanceof Cancelled || isAborted(error)) return
      if (!(error instanceof ApiProblem)) reportError(error)
      const caught = error instanceof ApiProblem ? error : new ApiProblem('INTERNAL')
      if (caught.isTransient && caught.retryAt > 0) {
        lockUntil(name, caught.retryAt)
        setUntil(caught.retryAt)
      }
      setProblem(caught)
    } finally {
      isRunning.current = false
      setPending(false)
    }
  }
  const run = (...args: Args): void => { execute(...args).catch(reportError) }
  return { run, isPending, isSlow, problem, clear: () => { setProblem(null) }, lockedUntil: until }
}
