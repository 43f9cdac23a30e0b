import { type FormEvent, useRef, useState } from 'react'
import { Link } from 'react-router'
import type { NavigationState } from '../app/navigation-state.ts'
import { useCarry } from '../app/paths.ts'
import { client } from '../client.ts'
import { useWords } from '../i18n/index.ts'
import { Button, LINK } from '../ui/button.tsx'
import { EmailField } from '../ui/email-field.tsx'
import { KeyIcon } from '../ui/icons.tsx'
import { Notice, ProblemNotice } from '../ui/notice.tsx'
import { Step } from '../ui/step.tsx'
import { useAction } from '../ui/use-action.ts'
import { validate, type FieldErrors, focusFirstError, isSaidByFields } from './validate.ts'
import { Reason } from './reason.tsx'

interface Props {
  email: string
  reason: NavigationState['reason']
  setEmail: (email: string) => void
  onSent: (pendingToken: string) => void
}

export function ForgotAddress ({ email, reason, setEmail, onSent }: Props) {
  const words = useWords()
  const { forgot } = words
  const carry = useCarry()
  const form = useRef<HTMLFormElement>(null)
  const [errors, setErrors] = useState<FieldErrors>({})
  const [isChecking, setChecking] = useState(false)
  const action = useAction('forgot', async () => {
    const body = { email: email.trim() }
    const { data } = await client.api.POST('/auth/password/forgot', { token: null, body, onWork: setChecking })
    onSent(data.pendingToken)
  })
  const { problem } = action

  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const found = validate.email(email, words)
    setErrors(found)
    action.clear()
    if (found.email) focusFirstError(form.current)
    else action.run()
  }
  return (
    <Step title={forgot.title} heading={forgot.heading} lead={forgot.lead} icon={<KeyIcon className='size-7' />}>
      {reason && !problem && <Reason reason={reason} />}
      <form ref={form} className='grid gap-5' noValidate onSubmit={submit} aria-busy={action.isPending}>
        <EmailField
          enterKeyHint='send' value={email} error={errors.email ?? problem?.fieldError('/email')}
          onType={(typed) => {
            setEmail(typed)
            setErrors({})
            action.clear()
          }}
        />
        {problem && !isSaidByFields(problem, '/email') && <ProblemNotice problem={problem} />}
        {isChecking && <Notice kind='info'>{words.common.checking}</Notice>}
        {action.isSlow && !isChecking && <Notice kind='info'>{words.common.slow}</Notice>}
        <Button type='submit' pending={action.isPending && forgot.pending} lockedUntil={action.lockedUntil}>{forgot.submit}</Button>
      </form>
      <p className='text-center text-soft'>
        {forgot.remembered} <Link
          to={carry('/login')} state={{ email: email.trim() } satisfies NavigationState} className={LINK}
        >
          {forgot.login}
        </Link>
      </p>
    </Step>
  )
}
