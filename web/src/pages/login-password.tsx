import { type FormEvent, useRef, useState } from 'react'
import { Link } from 'react-router'
import { logIn } from '../api/auth.ts'
import type { NavigationState } from '../app/navigation-state.ts'
import { useCarry } from '../app/paths.ts'
import { useWords } from '../i18n/index.ts'
import { openSession } from '../session/session.ts'
import { Button, LINK } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { KeyIcon } from '../ui/icons.tsx'
import { Notice, ProblemNotice } from '../ui/notice.tsx'
import { PasswordField } from '../ui/password-field.tsx'
import { Step } from '../ui/step.tsx'
import { useAction } from '../ui/use-action.ts'
import { validate, type FieldErrors, focusFirstError } from './validate.ts'
import { Reason } from './reason.tsx'

interface Props {
  email: string
  password: string
  reason: NavigationState['reason']
  setEmail: (email: string) => void
  setPassword: (password: string) => void
  onChallenge: (pendingToken: string) => void
}

export function LoginPassword ({ email, password, reason, setEmail, setPassword, onChallenge }: Props) {
  const words = useWords()
  const { login, fields } = words
  const carry = useCarry()
  const form = useRef<HTMLFormElement>(null)
  const [errors, setErrors] = useState<FieldErrors>({})
  const [isChecking, setChecking] = useState(false)

  const action = useAction('login', async () => {
    const answer = await logIn({ email: email.trim(), password }, setChecking)
    if (answer.twoFactorRequired) onChallenge(answer.pendingToken)
    else openSession(answer)
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const found = { ...validate.email(email, words), ...validate.password(password, words) }
    setErrors(found)
    action.clear()
    if (Object.keys(found).length > 0) focusFirstError(form.current)
    else action.run()
  }
  const { problem } = action

  return (
    <Step title={login.title} heading={login.heading} lead={login.lead} icon={<KeyIcon className='size-7' />}>
      {reason && !problem && <Reason reason={reason} />}
      <form ref={form} className='grid gap-5' noValidate onSubmit={submit} aria-busy={action.isPending}>
        <Field
          label={fields.email} name='email' type='email' inputMode='email' autoComplete='username' autoCapitalize='none' spellCheck={false}
          maxLength={254} required value={email} error={errors.email ?? problem?.fieldError('/email')}
          onChange={({ target }) => { setEmail(target.value) }}
        />
        <PasswordField
          label={fields.password} name='password' autoComplete='current-password' required value={password}
          error={errors.password ?? problem?.fieldError('/password')} onChange={({ target }) => { setPassword(target.value) }}
          aside={(
            <Link to={carry('/forgot-password')} state={{ email: email.trim() } satisfies NavigationState} className={`${LINK} text-sm`}>
              {login.forgot}
            </Link>
          )}
        />
        {problem && <ProblemNotice problem={problem} />}
        {isChecking && <Notice kind='info'>{words.common.checking}</Notice>}
        {action.isSlow && !isChecking && <Notice kind='info'>{words.common.slow}</Notice>}
        <Button type='submit' pending={action.isPending && login.pending} lockedUntil={action.lockedUntil}>{login.submit}</Button>
      </form>
      <p className='text-center text-soft'>
        {login.newHere} <Link
          to={carry('/register')} state={{ email: email.trim() } satisfies NavigationState} className={LINK}
        >
          {login.register}
        </Link>
      </p>
    </Step>
  )
}
