import { useCallback, useEffect, useState } from 'react'
import { Navigate, Outlet, useLocation } from 'react-router'
import { ApiProblem, type SessionState } from '@dvokrok/client'
import { useWords } from '../i18n/index.ts'
import { mayHaveSession, restoreSession, useSession } from '../session/session.ts'
import { Button } from '../ui/button.tsx'
import { ShieldIcon } from '../ui/icons.tsx'
import { ProblemNotice } from '../ui/notice.tsx'
import { Step, StepSkeleton } from '../ui/step.tsx'
import type { NavigationState } from './navigation-state.ts'
import { GoOn } from './go-on.tsx'
import { HOME, loginFor } from './paths.ts'
import { toast } from './toasts.tsx'

interface Restored { session: SessionState, problem: ApiProblem | null, retry: () => void }

/** Restores the session once after a load, if the browser still holds one. */
export function useRestored (isWanted: boolean): Restored {
  const session = useSession()
  const [problem, setProblem] = useState<ApiProblem | null>(null)
  const isUnknown = session.status === 'unknown'

  const retry = useCallback(() => {
    setProblem(null)
    restoreSession().catch((error: unknown) => { setProblem(error instanceof ApiProblem ? error : new ApiProblem('INTERNAL')) })
  }, [])
  useEffect(() => {
    if (!isWanted || !isUnknown) return
    retry()
    addEventListener('online', retry)
    return () => { removeEventListener('online', retry) }
  }, [isWanted, isUnknown, retry])
  return { session, problem, retry }
}

/** Guest pages; who is signed in goes on. */
export function GuestOnly () {
  const [hint] = useState(mayHaveSession)
  const { session, problem } = useRestored(hint)
  if (session.status === 'signed-in') return <GoOn />
  if (hint && session.status === 'unknown' && !problem) return <StepSkeleton />
  return <Outlet />
}

/** Signed-in pages; others are sent to the login with the reason, and back afterwards. */
export function SignedInOnly () {
  const { session, problem, retry } = useRestored(true)
  const { pathname, search, hash } = useLocation()
  const isOut = session.status === 'signed-out'
  // A message for the previous user must not be shown to the next one.
  useEffect(() => { if (isOut) toast(null) }, [isOut])
  if (session.status === 'signed-in') return <Outlet />
  if (session.status === 'signed-out') {
    const navigationState: NavigationState = session.reason ? { reason: session.reason } : {}
    // Who only came by goes where a sign-in leads; whose session ended here comes back here.
    const isDone = session.reason === 'SIGNED_OUT' || session.reason === 'ACCOUNT_DELETED' || (!session.reason && pathname === HOME)
    return (
      <Navigate
        to={isDone ? '/login' : loginFor(pathname + search + hash)}
        state={navigationState} replace
      />
    )
  }
  return problem ? <Unreachable problem={problem} retry={retry} /> : <StepSkeleton />
}

export function Unreachable ({ problem, retry }: { problem: ApiProblem, retry: () => void }) {
  const { common, problems } = useWords()
  return (
    <Step title={problems[problem.code].title} heading={problems[problem.code].title} icon={<ShieldIcon />}>
      <ProblemNotice problem={problem} />
      <Button onClick={retry} lockedUntil={problem.retryAt}>{common.tryAgain}</Button>
    </Step>
  )
}
