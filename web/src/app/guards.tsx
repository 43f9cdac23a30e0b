import { useCallback, useEffect, useState } from 'react'
import { Navigate, Outlet, useLocation, useSearchParams } from 'react-router'
import { ApiProblem } from '../api/problem.ts'
import { useWords } from '../i18n/index.ts'
import { mayHaveSession, restoreSession, type SessionState, useSession } from '../session/session.ts'
import { Button } from '../ui/button.tsx'
import { ShieldIcon } from '../ui/icons.tsx'
import { ProblemNotice } from '../ui/notice.tsx'
import { Step, StepSkeleton } from '../ui/step.tsx'
import type { NavigationState } from './navigation-state.ts'
import { loginFor, safeNext } from './paths.ts'
import { toast } from './toasts.tsx'

interface Restored { session: SessionState, problem: ApiProblem | null, retry: () => void }

/** Restores the session once after a load, if the browser still holds one. */
function useRestored (isWanted: boolean): Restored {
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

/** Guest pages; signed-in users are redirected to the `next` page. */
export function GuestOnly () {
  const [hint] = useState(mayHaveSession)
  const { session, problem } = useRestored(hint)
  const [search] = useSearchParams()
  if (session.status === 'signed-in') return <Navigate to={safeNext(search.get('next'))} replace />
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
    return (
      <Navigate
        to={session.reason === 'SIGNED_OUT' || session.reason === 'ACCOUNT_DELETED' ? '/login' : loginFor(pathname + search + hash)}
        state={navigationState} replace
      />
    )
  }
  return problem ? <Unreachable problem={problem} retry={retry} /> : <StepSkeleton />
}

function Unreachable ({ problem, retry }: { problem: ApiProblem, retry: () => void }) {
  const { common, problems } = useWords()
  return (
    <Step title={problems[problem.code].title} heading={problems[problem.code].title} icon={<ShieldIcon />}>
      <ProblemNotice problem={problem} />
      <Button onClick={retry} lockedUntil={problem.retryAt}>{common.tryAgain}</Button>
    </Step>
  )
}
