import { type FormEvent, useEffect, useRef, useState } from 'react'
import { Link, useNavigate } from 'react-router'
import { type NavigationState, useNavigationState } from '../app/navigation-state.ts'
import { useCarry } from '../app/paths.ts'
import { serverConfig } from '../app/server-config.ts'
import { client } from '../client.ts'
import { useLanguage } from '../i18n/index.ts'
import { keepAttempt } from '../session/attempt.ts'
import { Button, LINK } from '../ui/button.tsx'
import { EmailField } from '../ui/email-field.tsx'
import { Field } from '../ui/field.tsx'
import { EnvelopeIcon, PersonIcon } from '../ui/icons.tsx'
import { Notice, ProblemNotice } from '../ui/notice.tsx'
import { NewPasswordField } from '../ui/password-field.tsx'
import { Step } from '../ui/step.tsx'
import { useAction } from '../ui/use-action.ts'
import { validate, type FieldErrors, focusFirstError, isSaidByFields, without } from './validate.ts'

/** Long enough to read, short enough not to be a wait. */
const NOTICE_MS = 1500

export default function RegisterPage () {
  return serverConfig.isInviteOnly ? <InviteOnly /> : <Register />
}

function InviteOnly () {
  const { register, problems } = useLanguage().words
  const carry = useCarry()
  const { title, next } = problems.REGISTRATION_CLOSED
  return (
    <Step title={register.title} heading={title} lead={next} icon={<PersonIcon className='size-7' />}>
      <p><Link to={carry('/login')} className={LINK}>{register.login}</Link></p>
    </Step>
  )
}

function Register () {
  const { locale, words } = useLanguage()
  const { register, fields } = words
  const navigationState = useNavigationState()
  const carry = useCarry()
  const form = useRef<HTMLFormElement>(null)
  const [name, setName] = useState(navigationState.name ?? '')
  const [email, setEmail] = useState(navigationState.email ?? '')
  const [password, setPassword] = useState('')
  const [errors, setErrors] = useState<FieldErrors>({})
  const [isChecking, setChecking] = useState(false)
  const [isSent, setSent] = useState(false)

  const action = useAction('register', async () => {
    const person = { name: name.trim(), email: email.trim() }
    const { pendingToken } = await client.register({ ...person, password, locale }, { onWork: setChecking })
    keepAttempt({ purpose: 'sign-up', pendingToken, ...person })
    setSent(true)
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const found = { ...validate.name(name, words), ...validate.email(email, words), ...validate.newPassword(password, words) }
    setErrors(found)
    action.clear()
    if (Object.keys(found).length > 0) focusFirstError(form.current)
    else action.run()
  }
  const { problem } = action
  const edit = (field: keyof FieldErrors, set: (typed: string) => void, typed: string): void => {
    set(typed)
    setErrors((errors) => without(errors, field))
    action.clear()
  }
  useEffect(() => { if (problem?.details.errors) focusFirstError(form.current) }, [problem])

  if (isSent) return <CodeSent email={email.trim()} />
  return (
    <Step title={register.title} heading={register.heading} lead={register.lead} icon={<PersonIcon className='size-7' />}>
      <form ref={form} className='grid gap-5' noValidate onSubmit={submit} aria-busy={action.isPending}>
        <Field
          label={fields.name} name='name' autoComplete='name' maxLength={100} required value={name}
          error={errors.name ?? problem?.fieldError('/name')} onChange={({ target }) => { edit('name', setName, target.value) }}
        />
        <EmailField
          value={email} error={errors.email ?? problem?.fieldError('/email')} onType={(typed) => { edit('email', setEmail, typed) }}
        />
        <NewPasswordField
          label={fields.password} name='password' required value={password} ownWords={[name, email]}
          error={errors.password ?? problem?.fieldError('/password')}
          onChange={({ target }) => { edit('password', setPassword, target.value) }}
        />
        {problem && !isSaidByFields(problem, '/name', '/email', '/password') && <ProblemNotice problem={problem} />}
        {isChecking && <Notice kind='info'>{words.common.checking}</Notice>}
        {action.isSlow && !isChecking && <Notice kind='info'>{words.common.slow}</Notice>}
        <Button type='submit' pending={action.isPending && register.pending} lockedUntil={action.lockedUntil}>{register.submit}</Button>
      </form>
      <p className='text-center text-soft'>
        {register.already} <Link
          to={carry('/login')} state={{ email: email.trim() } satisfies NavigationState} className={LINK}
        >
          {register.login}
        </Link>
      </p>
    </Step>
  )
}

/** Confirms that the code was sent, then opens the code page. */
function CodeSent ({ email }: { email: string }) {
  const { register } = useLanguage().words
  const navigate = useNavigate()
  const carry = useCarry()
  const page = carry(`/verify-otp?email=${encodeURIComponent(email)}`)
  useEffect(() => {
    const timer = setTimeout(() => { navigate(page) }, NOTICE_MS)
    return () => { clearTimeout(timer) }
  }, [navigate, page])
  return (
    <Step title={register.sent} heading={register.sent} icon={<EnvelopeIcon className='size-7' />}>
      <Notice kind='good'>{register.sentTo({ digits: serverConfig.codeLength, address: email })}</Notice>
      <p><Link to={page} className={LINK}>{register.goOn}</Link></p>
    </Step>
  )
}
