import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import { useNavigate } from 'react-router'
import type { NavigationState } from '../app/navigation-state.ts'
import { toast } from '../app/toasts.tsx'
import { useSettingsWords, useWords } from '../i18n/index.ts'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { EnvelopeIcon } from '../ui/icons.tsx'
import { Notice, ProblemNotice } from '../ui/notice.tsx'
import { NewPasswordField } from '../ui/password-field.tsx'
import { Step, StepSkeleton } from '../ui/step.tsx'
import { useAction } from '../ui/use-action.ts'
import { acceptInvitation, fetchInvitation, tokenOfAddress } from './mailed-link.ts'
import { type FieldErrors, focusFirstError, validate } from './validate.ts'

type Invitation = Awaited<ReturnType<typeof fetchInvitation>>

/** Who is invited comes here by the mailed link; opening it changes nothing. */
export default function InvitationPage () {
  const { invitation: words } = useSettingsWords()
  const [token] = useState(tokenOfAddress)
  const [invitation, setInvitation] = useState<Invitation | null>(null)
  const looking = useAction('invitation', async () => { setInvitation(await fetchInvitation(token)) })
  const { run } = looking
  useEffect(() => { run() }, [])

  if (invitation) return <Accept token={token} invitation={invitation} />
  const { problem } = looking
  if (!problem) return <StepSkeleton />
  return problem.isTransient
    ? <Over><ProblemNotice problem={problem} /><Button onClick={() => { run() }} lockedUntil={problem.retryAt}>{words.again}</Button></Over>
    : <Over><Notice kind='info' title={words.over}>{words.overLead}</Notice></Over>
}

function Over ({ children }: { children: ReactNode }) {
  const { invitation: words } = useSettingsWords()
  return <Step title={words.title} heading={words.title} icon={<EnvelopeIcon className='size-7' />}>{children}</Step>
}

function Accept ({ token, invitation }: { token: string, invitation: Invitation }) {
  const words = useWords()
  const { invitation: say } = useSettingsWords()
  const { fields } = words
  const navigate = useNavigate()
  const form = useRef<HTMLFormElement>(null)
  const [name, setName] = useState(invitation.name)
  const [password, setPassword] = useState('')
  const [errors, setErrors] = useState<FieldErrors>({})
  const accept = useAction('accept', async () => {
    const { message, email } = await acceptInvitation({ token, name: name.trim(), password })
    toast(message)
    await navigate('/login', { state: { email } satisfies NavigationState, replace: true })
  })
  const { problem } = accept
  useEffect(() => { if (problem) focusFirstError(form.current) }, [problem])

  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const found = { ...validate.name(name, words), ...validate.newPassword(password, words) }
    setErrors(found)
    accept.clear()
    if (Object.keys(found).length > 0) focusFirstError(form.current)
    else accept.run()
  }
  return (
    <Step title={say.title} heading={say.heading} lead={say.lead} icon={<EnvelopeIcon className='size-7' />}>
      <form ref={form} className='grid gap-5' noValidate onSubmit={submit} aria-busy={accept.isPending}>
        <Field
          label={fields.name} name='name' autoComplete='name' maxLength={100} required value={name}
          error={errors.name ?? problem?.fieldError('/name')} onChange={({ target }) => { setName(target.value) }}
        />
        <Field label={fields.email} name='email' type='email' autoComplete='username' value={invitation.email} locked={say.locked} />
        <NewPasswordField
          label={fields.password} name='new-password' required value={password} ownWords={[invitation.email, name]}
          error={errors.password ?? problem?.fieldError('/password')} onChange={({ target }) => { setPassword(target.value) }}
        />
        {problem && <ProblemNotice problem={problem} />}
        <Button type='submit' pending={accept.isPending && say.accepting} lockedUntil={accept.lockedUntil}>{say.accept}</Button>
      </form>
    </Step>
  )
}
