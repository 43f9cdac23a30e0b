import { useWords } from '../../i18n/index.ts'
import { formatClock } from '../../session/clock.ts'
import { useSecondsUntil } from '../../ui/use-seconds.ts'

interface Props { codeExpiresAt: number, attemptsLeft: number, isNearEnd: boolean }

/** The time left for the code. A screen reader announces it only on request. */
export function CodeCountdown ({ codeExpiresAt, attemptsLeft, isNearEnd }: Props) {
  const { code } = useWords()
  const seconds = useSecondsUntil(codeExpiresAt)
  if (codeExpiresAt === 0) return null
  const color = seconds === 0 ? 'font-medium text-bad' : seconds <= 30 ? 'font-medium text-warn' : ''
  return (
    <p className='flex flex-wrap justify-center gap-x-3 text-sm text-soft'>
      <span role='timer' aria-live='off' aria-label={code.validForLabel} className={`tabular-nums ${color}`}>
        {seconds === 0 ? code.expired : code.validFor({ clock: formatClock(seconds) })}
      </span>
      {isNearEnd && <span>{code.left({ n: attemptsLeft })}</span>}
    </p>
  )
}
