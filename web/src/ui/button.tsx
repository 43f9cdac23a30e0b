import type { ButtonHTMLAttributes, ReactNode } from 'react'
import { useWords } from '../i18n/index.ts'
import { formatClock } from '../session/clock.ts'
import { useSecondsUntil } from './use-seconds.ts'

const VARIANTS = {
  primary: 'bg-accent text-on-accent hover:bg-accent-strong min-h-13 px-6 shadow-sm',
  quiet: 'bg-tint text-accent-strong hover:brightness-97 dark:hover:brightness-115 min-h-11 px-4',
  danger: 'bg-bad-tint text-bad hover:brightness-97 dark:hover:brightness-115 min-h-11 px-4'
}
export const LINK = 'inline-flex items-center gap-1.5 font-medium text-accent underline decoration-accent/40 underline-offset-4 ' +
  'hover:decoration-accent rounded-sm min-h-6'

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  variant?: keyof typeof VARIANTS
  /** Label while the action runs; clicks are ignored meanwhile. */
  pending?: string | false | undefined
  /** Disabled until this time (milliseconds since the epoch), as the server's `Retry-After` asks. */
  lockedUntil?: number
  children: ReactNode
}

/** Stacks the labels of all states in one grid cell, so that the width never changes. Keeps the focus while pending. */
export function Button ({ variant = 'primary', pending = false, lockedUntil = 0, className = '', ...props }: Props) {
  const { children, onClick, disabled, type = 'button', ...rest } = props
  const words = useWords()
  const seconds = useSecondsUntil(lockedUntil)
  const isLocked = seconds > 0
  const isPending = pending !== false
  const says = isPending ? pending : isLocked ? words.common.tryAgainIn({ clock: formatClock(seconds) }) : null
  return (
    <button
      {...rest} type={isPending ? 'button' : type} disabled={disabled ?? isLocked} aria-disabled={isPending || undefined}
      aria-busy={isPending || undefined} onClick={isPending ? undefined : onClick}
      className={`${VARIANTS[variant]} ${className} inline-grid place-items-center rounded-[.875rem] py-2 font-semibold ` +
        'transition-colors disabled:cursor-default disabled:opacity-65 aria-disabled:cursor-default aria-disabled:opacity-65 ' +
        '*:col-start-1 *:row-start-1'}
    >
      <span className={says === null ? '' : 'invisible'} aria-hidden={says !== null}>{children}</span>
      {says !== null && <span className='tabular-nums'>{says}</span>}
    </button>
  )
}

export function LinkButton ({ className = '', children, ...rest }: ButtonHTMLAttributes<HTMLButtonElement>) {
  return <button type='button' {...rest} className={`${LINK} ${className} disabled:opacity-60 disabled:no-underline`}>{children}</button>
}
