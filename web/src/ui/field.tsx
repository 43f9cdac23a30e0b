import { type InputHTMLAttributes, type ReactNode, useId } from 'react'
import { LockIcon } from './icons.tsx'

export const INPUT = 'w-full rounded-[.875rem] border-[1.5px] border-edge bg-field px-4 text-ink focus-visible:border-accent ' +
  'aria-invalid:border-bad read-only:border-line read-only:text-soft'

interface Props extends Omit<InputHTMLAttributes<HTMLInputElement>, 'id'> {
  label: string
  error?: string | undefined
  hint?: ReactNode
  /** Why the field is read-only; its value stays visible. */
  locked?: string | undefined
  /** Rendered inside the frame, at its end. */
  end?: ReactNode
  /** Rendered beside the label. */
  aside?: ReactNode
  /** Smaller, with a label for screen readers only. */
  isCompact?: boolean
}

/** A labelled input whose hint and error are linked by `aria-describedby`. */
export function Field ({ label, error, hint, locked, end, aside, className = '', enterKeyHint = 'next', ...rest }: Props) {
  const { isCompact = false, ...input } = rest
  const id = useId()
  const described = [hint ? `${id}-hint` : '', error ? `${id}-error` : ''].filter(Boolean).join(' ')
  return (
    <div className={isCompact ? 'min-w-0' : 'grid gap-1.5'}>
      <div className={isCompact ? 'sr-only' : 'flex flex-wrap items-baseline justify-between gap-x-4'}>
        <label htmlFor={id} className='text-[.9375rem] font-medium'>{label}</label>
        {aside}
      </div>
      <div className='relative'>
        <input
          {...input} id={id} enterKeyHint={enterKeyHint} className={`${INPUT} ${isCompact ? 'min-h-11 text-sm' : 'min-h-13'} ` +
            `${locked ? 'pe-10' : end ? 'pe-14' : ''} ${className}`} readOnly={locked !== undefined || input.readOnly}
          aria-invalid={error ? true : undefined} aria-describedby={described || undefined}
        />
        {locked === undefined
          ? end
          : (
          <span className='absolute inset-y-0 end-0 grid w-10 place-items-center text-soft' title={locked}>
            <LockIcon className='size-4' />
          </span>
            )}
      </div>
      {error && <p id={`${id}-error`} className='text-sm font-medium text-bad'>{error}</p>}
      {hint && <div id={`${id}-hint`} className='text-sm text-soft'>{hint}</div>}
    </div>
  )
}
