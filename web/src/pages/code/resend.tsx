import { useWords } from '../../i18n/index.ts'
import { formatClock } from '../../session/clock.ts'
import { Button, LINK } from '../../ui/button.tsx'
import { ProblemNotice } from '../../ui/notice.tsx'
import { useSecondsUntil } from '../../ui/use-seconds.ts'
import type { AttemptHandle } from './use-attempt.ts'

interface Props {
  attempt: AttemptHandle
  isOff: boolean
  /** There is nothing else to do. */
  isPrimary?: boolean
}

/** Help for a missing code, and the button that sends another one. */
export function Resend ({ attempt, isOff, isPrimary = false }: Props) {
  const { code } = useWords()
  const { view, method, resend } = attempt
  const lockedUntil = Math.max(view?.resendAt ?? 0, resend.lockedUntil)
  const seconds = useSecondsUntil(lockedUntil)
  const isWaiting = seconds > 0
  const asks = isPrimary ? code.resendNew : code.resend
  const run = (): void => { resend.run(method === 'sms' ? 'sms' : 'email') }
  const says = resend.isPending ? code.resending : isWaiting ? code.resendIn({ clock: formatClock(seconds) }) : asks
  if (isPrimary) {
    return (
      <Button
        data-testid='resend' pending={resend.isPending && code.resending} lockedUntil={lockedUntil} onClick={run}
        {...(isOff ? { disabled: true } : {})}
      >
        {asks}
      </Button>
    )
  }
  return (
    <div className='grid justify-items-center gap-1 text-center text-[.9375rem]'>
      <p className='text-soft'><span className='font-medium text-ink'>{code.noCode}</span> {code.help}</p>
      <button
        type='button' data-testid='resend' className={`${LINK} grid! min-h-11 justify-items-center px-3 disabled:text-soft ` +
          'disabled:no-underline *:col-start-1 *:row-start-1'}
        disabled={isOff || isWaiting || resend.isPending || view === null} aria-busy={resend.isPending || undefined}
        onClick={run}
      >
        <span className='invisible' aria-hidden='true'>{asks}</span>
        <span className='invisible' aria-hidden='true'>{code.resendIn({ clock: '00:00' })}</span>
        <span className='tabular-nums'>{says}</span>
      </button>
    </div>
  )
}

/** Not that it is too early: the button counts that down. */
export function ResendProblem ({ attempt: { resend: { problem } } }: { attempt: AttemptHandle }) {
  return problem && problem.code !== 'RESEND_TOO_EARLY' && <ProblemNotice problem={problem} />
}
