import { type InputHTMLAttributes, type ReactNode, useState } from 'react'
import { serverConfig } from '../app/server-config.ts'
import { useWords } from '../i18n/index.ts'
import { Field } from './field.tsx'
import { EyeIcon, EyeOffIcon } from './icons.tsx'
import { estimate, levelOf } from './strength.ts'

interface Props extends InputHTMLAttributes<HTMLInputElement> {
  label: string
  value: string
  error?: string | undefined
  locked?: string | undefined
  hint?: ReactNode
  aside?: ReactNode
}

/** A password input that allows pasting and can show its value. */
export function PasswordField ({ locked, ...rest }: Props) {
  const { fields } = useWords()
  const [isShown, setShown] = useState(false)
  const Icon = isShown ? EyeOffIcon : EyeIcon
  return (
    <Field
      enterKeyHint='go' {...rest} locked={locked} type={isShown && locked === undefined ? 'text' : 'password'} maxLength={256}
      autoCapitalize='none' autoCorrect='off' spellCheck={false}
      end={
        <button
          type='button' className='absolute inset-y-1 end-1 grid w-11 place-items-center rounded-xl text-soft hover:text-ink'
          aria-pressed={isShown} aria-label={isShown ? fields.hide : fields.show} onClick={() => { setShown(!isShown) }}
        >
          <Icon className='size-5' />
        </button>
      }
    />
  )
}

/** For a new password: shows the length rule up front and the estimated strength while typing. */
export function NewPasswordField ({ ownWords, minLength = serverConfig.passwordMin, ...rest }: Props & { ownWords: string[] }) {
  const { fields } = useWords()
  const { value } = rest
  const strength = estimate(value, minLength, ownWords)
  const level = levelOf(strength)
  const missing = minLength - Array.from(value.normalize('NFC')).length
  const color = level < 2 ? 'bg-bad' : level === 2 ? 'bg-warn' : 'bg-good'
  const verdict = missing > 0 ? fields.passwordShort({ missing }) : fields.strength[strength]
  const hint = (
    <>
      <p>{fields.passwordRule({ min: minLength })}</p>
      <div className='mt-2 flex items-center gap-3' data-strength={value === '' ? undefined : strength}>
        <span className='flex flex-1 gap-1' aria-hidden='true'>
          {[1, 2, 3, 4].map((step) => (
            <i
              key={step}
              className={`h-1.5 flex-1 rounded-full transition-colors ${value !== '' && (level >= step || step === 1) ? color : 'bg-line'}`}
            />
          ))}
        </span>
        <span className='min-w-28 text-end' role='status'>
          {value !== '' && <><span className='sr-only'>{fields.strength.label}: </span>{verdict}</>}
        </span>
      </div>
    </>
  )
  return <PasswordField {...rest} autoComplete='new-password' minLength={minLength} hint={hint} />
}
