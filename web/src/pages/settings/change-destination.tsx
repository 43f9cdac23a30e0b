import { type ComponentProps, type FormEvent, useEffect, useRef, useState } from 'react'
import type { User } from '@dvokrok/client'
import { type SettingsWords, useWords } from '../../i18n/index.ts'
import { forgetAttempt, keepAttempt, keptAttempt } from '../../session/attempt.ts'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { ProblemNotice } from '../../ui/notice.tsx'
import { focusFirstError } from '../validate.ts'
import { ConfirmCode } from './confirm-code.tsx'
import { focusSection } from './section.tsx'
import { useAccountChange } from './use-account-change.ts'

interface Props {
  user: User
  purpose: 'email-change' | 'phone'
  words: Pick<SettingsWords['email'], 'change' | 'same' | 'effect' | 'send' | 'sending' | 'done'>
  input: Omit<ComponentProps<typeof Field>, 'value' | 'error' | 'onChange'>
  /** JSON pointer of the field in the server's validation errors. */
  path: string
  toSent: (typed: string) => string
  /** Validates on the client; returns an error message. */
  check: (destination: string) => string | undefined
  start: (destination: string) => Promise<{ pendingToken: string }>
  confirm: (typed: { otp: string, pendingToken: string }) => Promise<void>
}

const AT = 'profile'

/** Asks for a new address or number, then for the code sent there. A reload keeps the step. */
export function ChangeDestination ({ user, purpose, words, confirm, ...form }: Props) {
  const [isOpen, setOpen] = useState(false)
  const [pendingToken, setPendingToken] = useState(() => {
    const kept = keptAttempt(purpose)
    return kept?.email === user.email ? kept.pendingToken : null
  })
  const close = (): void => {
    if (keptAttempt(purpose)) forgetAttempt()
    setPendingToken(null)
    setOpen(false)
    focusSection(AT)
  }
  if (pendingToken !== null) {
    return (
      <ConfirmCode
        pendingToken={pendingToken} onBack={close}
        onCode={async (otp) => {
          await confirm({ otp, pendingToken })
          close()
          return words.done
        }}
      />
    )
  }
  if (!isOpen) return <div><Button variant='quiet' onClick={() => { setOpen(true) }}>{words.change}</Button></div>
  return (
    <DestinationForm
      {...form} name={purpose} words={words} onCancel={close}
      onSent={(token) => {
        keepAttempt({ purpose, pendingToken: token, email: user.email })
        setPendingToken(token)
      }}
    />
  )
}

interface FormProps extends Pick<Props, 'words' | 'input' | 'path' | 'toSent' | 'check' | 'start'> {
  name: string
  onSent: (pendingToken: string) => void
  onCancel: () => void
}

function DestinationForm ({ name, words, input, path, toSent, check, start, onSent, onCancel }: FormProps) {
  const { code, common } = useWords()
  const form = useRef<HTMLFormElement>(null)
  const [typed, setTyped] = useState('')
  const [error, setError] = useState<string>()
  const destination = toSent(typed)
  const action = useAccountChange(name, async () => {
    onSent((await start(destination)).pendingToken)
    return code.sent
  })
  const { problem } = action
  const isSame = problem?.code === 'CONFLICT'
  useEffect(() => { if (problem) focusFirstError(form.current) }, [problem])

  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const found = typed.trim() === '' ? common.required : check(destination)
    setError(found)
    action.clear()
    if (found === undefined) action.run()
    else focusFirstError(form.current)
  }
  return (
    <form
      ref={form} className='grid gap-4 border-line xs:rounded-2xl xs:border xs:p-4' noValidate onSubmit={submit}
      aria-busy={action.isPending}
    >
      <Field
        {...input} required autoFocus value={typed} error={error ?? (isSame ? words.same : problem?.fieldError(path))}
        onChange={({ target }) => { setTyped(target.value) }}
      />
      <p className='text-sm text-soft'>{words.effect}</p>
      {problem && !isSame && <ProblemNotice problem={problem} />}
      <div className='flex flex-wrap gap-3'>
        <Button type='submit' pending={action.isPending && words.sending} lockedUntil={action.lockedUntil}>{words.send}</Button>
        <Button variant='quiet' onClick={onCancel}>{common.cancel}</Button>
      </div>
    </form>
  )
}
