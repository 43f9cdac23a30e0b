import { useEffect, useRef, useState } from 'react'
import { ApiProblem } from '../api/problem.ts'
import { lockedUntil, lockUntil } from '../session/locks.ts'

const SLOW_MS = 4000

/** Thrown by work that the person called off: there is nothing to say about it. */
export class Cancelled extends Error {}

export interface Action<Args extends unknown[]> {
  run: (...args: Args) => Promise<void>
  isPending: boolean
  /** Takes longer than people expect. */
  isSlow: boolean
  problem: ApiProblem | null
  clear: () => void
  /** Until when the server wants no more of these; survives a reload. */
  lockedUntil: number
}

/** Work that a person starts: once at a time, its refusal kept to be shown. `name` is where a wait that the server asks for is kept. */
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

  const run = async (...args: Args): Promise<void> => {
    if (isRunning.current) return
    isRunning.current = true
    setProblem(null)
    setPending(true)
    try {
      await work(...args)
    } catch (error) {
      if (error instanceof Cancelled) return
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
  return { run, isPending, isSlow, problem, clear: () => { setProblem(null) }, lockedUntil: until }
}
