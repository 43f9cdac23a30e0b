import { Navigate, useSearchParams } from 'react-router'
import { Leave } from '../app/go-on.tsx'
import { Unreachable, useRestored } from '../app/guards.tsx'
import type { NavigationState } from '../app/navigation-state.ts'
import { returnAddress } from '../app/paths.ts'
import { useWords } from '../i18n/index.ts'
import { client } from '../client.ts'
import { Button } from '../ui/button.tsx'
import { DoorIcon } from '../ui/icons.tsx'
import { ProblemNotice } from '../ui/notice.tsx'
import { Step, StepSkeleton } from '../ui/step.tsx'
import { useAction } from '../ui/use-action.ts'

/** Applications link here: a link alone signs nobody out. */
export default function LogoutPage () {
  const { logout, dashboard } = useWords()
  const [search] = useSearchParams()
  const { session, problem, retry } = useRestored(true)
  const leaving = useAction('sign-out', client.logout)

  if (session.status === 'signed-out') {
    const back = returnAddress(search)
    return back === null
      ? <Navigate to='/login' state={{ reason: session.reason ?? 'SIGNED_OUT' } satisfies NavigationState} replace />
      : <Leave to={back} />
  }
  if (session.status === 'unknown') return problem ? <Unreachable problem={problem} retry={retry} /> : <StepSkeleton />
  return (
    <Step
      title={logout.title} heading={logout.heading} lead={logout.lead({ email: session.user.email })}
      icon={<DoorIcon className='size-7' />}
    >
      {leaving.problem && <ProblemNotice problem={leaving.problem} />}
      <Button pending={leaving.isPending && dashboard.signingOut} onClick={() => { leaving.run() }}>{dashboard.signOut}</Button>
    </Step>
  )
}
