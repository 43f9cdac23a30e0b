import { useWords } from '../../i18n/index.ts'
import { formatClock } from '../../session/clock.ts'
import { useSecondsUntil } from '../../ui/use-seconds.ts'

/** How long the code lives; seen all the time, read out only when asked for. */
export function CodeCountdown ({ codeExpiresAt, attemptsLeft, isNearEnd }: { codeExpiresAt: number, attemptsLeft: number, isNearEnd: boolean }) {
  const { code } = useWords()
  const seconds = useSecondsUntil(codeExpiresAt)
  if (codeExpiresAt === 0) return null
  return (
    <p className='flex flex-wrap justify-center gap-x-3 text-sm text-soft'>
      <span role='timer' aria-live='off' aria-label={code.validForLabel} className={`tabular-nums ${seconds === 0 ? 'font-medium text-bad' : seconds <= 30 ? 'font-medium text-warn' : ''}`}>
        {seconds === 0 ? code.expired : code.validFor(formatClock(seconds))}
      </span>
      {isNearEnd && <span>{code.left(attemptsLeft)}</span>}
    </p>
  )
}
