import { type FormEvent, useRef, useState } from 'react'
import { Link } from 'react-router'
import type { ApiProblem } from '@dvokrok/client'
import type { NavigationState } from '../app/navigation-state.ts'
import { useCarry } from '../app/paths.ts'
import { serverConfig } from '../app/server-config.ts'
import { client } from '../client.ts'
import { useWords } from '../i18n/index.ts'
import { hasPasskeys } from '../session/passkeys.ts'
import { usePasskeyAutofill } from '../session/use-passkey-autofill.ts'
import { Button, LINK } from '../ui/button.tsx'
import { EmailField } from '../ui/email-field.tsx'
import { KeyIcon } from '../ui/icons.tsx'
import { Notice, ProblemNotice } from '../ui/notice.tsx'
import { PasswordField } from '../ui/password-field.tsx'
import { Step } from '../ui/step.tsx'
import { useAction } from '../ui/use-action.ts'
import { validate, type FieldErrors, focusFirstError, isSaidByFields, without } from './validate.ts'
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
    const answer = await client.login({ email: email.trim(), password }, { onWork: setChecking })
    if (answer.twoFactorRequired) onChallenge(answer.pendingToken)
  })
  const passkey = useAction('passkey', async () => { await client.passkeys.signIn() })
  const [refused, setRefused] = useState<ApiProblem | null>(null)
  usePasskeyAutofill(!action.isPending && !passkey.isPending, setRefused)
  const clear = (): void => {
    action.clear()
    passkey.clear()
    setRefused(null)
  }
  const problem = action.problem ?? passkey.problem ?? refused

  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const found = { ...validate.email(email, words), ...validate.password(password, words) }
    setErrors(found)
    clear()
    if (Object.keys(found).length > 0) focusFirstError(form.current)
    else action.run()
  }
  const edit = (field: keyof FieldErrors, set: (typed: string) => void, typed: string): void => {
    set(typed)
    setErrors((errors) => without(errors, field))
    clear()
  }

  return (
    <Step title={login.title} heading={login.heading} lead={login.lead} icon={<KeyIcon className='size-7' />}>
      {reason && !problem && <Reason reason={reason} />}
      <form ref={form} className='grid gap-5' noValidate onSubmit={submit} aria-busy={action.isPending}>
        <EmailField
          value={email} error={errors.email ?? problem?.fieldError('/email')} autoComplete='username webauthn'
          onType={(typed) => { edit('email', setEmail, typed) }}
        />
        <PasswordField
          label={fields.password} name='password' autoComplete='current-password' required value={password}
          error={errors.password ?? problem?.fieldError('/password')}
          onChange={({ target }) => { edit('password', setPassword, target.value) }}
          aside={(
            <Link to={carry('/forgot-password')} state={{ email: email.trim() } satisfies NavigationState} className={`${LINK} text-sm`}>
              {login.forgot}
            </Link>
          )}
        />
        {problem && !isSaidByFields(problem, '/email', '/password') && <ProblemNotice problem={problem} />}
        {isChecking && <Notice kind='info'>{words.common.checking}</Notice>}
        {action.isSlow && !isChecking && <Notice kind='info'>{words.common.slow}</Notice>}
        <Button type='submit' pending={action.isPending && login.pending} lockedUntil={action.lockedUntil}>{login.submit}</Button>
        {hasPasskeys && (
          <Button
            variant='quiet' pending={passkey.isPending && login.passkeyPending} lockedUntil={passkey.lockedUntil} onClick={() => {
              clear()
              setErrors({})
              passkey.run()
            }}
          >
            {login.passkey}
          </Button>
        )}
      </form>
      {!serverConfig.isInviteOnly && (
        <p className='text-center text-soft'>
          {login.newHere} <Link
            to={carry('/register')} state={{ email: email.trim() } satisfies NavigationState} className={LINK}
          >
            {login.register}
          </Link>
        </p>
      )}
    </Step>
  )
}
