import { OTPInput } from 'input-otp'
import { type Ref, useId } from 'react'
import { serverConfig } from '../app/server-config.ts'
import { digitsOf } from './fold-code.ts'

interface Props {
  length: number
  value: string
  label: string
  onChange: (digits: string) => void
  isPending?: boolean
  isOff?: boolean
  isWrong?: boolean
  /** Ids of the elements that describe it, separated by spaces. */
  describedBy: string
  ref: Ref<HTMLInputElement>
  autoFocus?: boolean
}

/** What may be typed: also the full-width digits of keyboards for Chinese and Japanese. */
const DIGITS = '^[0-9\uff10-\uff19]+$'

/** A single input, rendered as boxes in two groups. */
export function CodeInput ({ length, value, label, onChange, describedBy, ref, autoFocus = false, ...states }: Props) {
  const { isPending = false, isOff = false, isWrong = false } = states
  const id = useId()
  const middle = Math.ceil(length / 2)
  return (
    <div>
      <label htmlFor={id} className="sr-only">
        {label}
      </label>
      <OTPInput
        ref={ref} id={id} name='code' type='text' inputMode='numeric' enterKeyHint='done' autoComplete='one-time-code' maxLength={length}
        pattern={DIGITS} value={value} onChange={(typed) => { onChange(digitsOf(typed)) }} pasteTransformer={digitsOf}
        nonce={serverConfig.nonce} noScriptCSSFallback={null} pushPasswordManagerStrategy='none'
        // Read-only instead of disabled, so that the digits can still be read out.
        readOnly={isPending}
        disabled={isOff}
        aria-busy={isPending || undefined}
        aria-invalid={isWrong || undefined}
        aria-describedby={describedBy}
        autoFocus={autoFocus}
        containerClassName={`flex items-center justify-center gap-1 xs:gap-2 ${isWrong ? 'shake' : ''} ${isOff ? 'opacity-55' : ''}`}
        render={({ slots, isFocused }) =>
          slots.map((slot, index) => (
            <div key={index} className="contents">
              {index === middle && <span className="h-1 w-2 shrink-0 rounded-full bg-edge xs:w-3" aria-hidden="true" />}
              <div
                data-active={slot.isActive && isFocused}
                aria-hidden="true"
                className={
                  'box grid h-15 w-full max-w-13 min-w-0 place-items-center rounded-xl border-[1.5px] bg-field text-2xl ' +
                  'font-semibold tabular-nums transition-[border-color,box-shadow] ' +
                  (isWrong ? 'border-bad ' : slot.char === null ? 'border-edge ' : 'border-accent ') +
                  'data-[active=true]:border-accent ' +
                  'data-[active=true]:shadow-[0_0_0_3px_color-mix(in_oklab,var(--accent)_35%,transparent)] ' +
                  (isPending ? 'opacity-75' : '')
                }
              >
                {slot.char ?? (slot.hasFakeCaret && <span className="caret h-6 w-0.5 bg-accent" />)}
              </div>
            </div>
          ))
        }
      />
    </div>
  )
}
