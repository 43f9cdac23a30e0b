import { useWords } from '../../i18n/index.ts'
import { formatClock } from '../../session/clock.ts'
import { LINK } from '../../ui/button.tsx'
import { useSecondsUntil } from '../../ui/use-seconds.ts'
import type { AttemptHandle } from './use-attempt.ts'

/** Help for a missing code, and the button that sends another one. */
export function Resend ({ attempt, isOff }: { attempt: AttemptHandle, isOff: boolean }) {
  const { code } = useWords()
  const { view, method, resend } = attempt
  const seconds = useSecondsUntil(Math.max(view?.resendAt ?? 0, resend.lockedUntil))
  const isWaiting = seconds > 0
  const asks = view?.codeExpiresAt === 0 && view.resendAt === 0 ? code.resendNew : code.resend
  const says = resend.isPending ? code.resending : isWaiting ? code.resendIn(formatClock(seconds)) : asks
  return (
    <div className='grid justify-items-center gap-1 text-center text-[.9375rem]'>
      <p className='text-soft'><span className='font-medium text-ink'>{code.noCode}</span> {code.help}</p>
      <button
        type='button' data-testid='resend' className={`${LINK} grid! min-h-11 justify-items-center px-3 disabled:text-soft ` +
          'disabled:no-underline *:col-start-1 *:row-start-1'}
        disabled={isOff || isWaiting || resend.isPending || view === null} aria-busy={resend.isPending || undefined}
        onClick={() => { resend.run(method === 'sms' ? 'sms' : 'email') }}
      >
        <span className='invisible' aria-hidden='true'>{asks}</span>
        <span className='invisible' aria-hidden='true'>{code.resendIn('00:00')}</span>
        <span className='tabular-nums'>{says}</span>
      </button>
    </div>
  )
}
