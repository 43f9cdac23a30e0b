import { type FormEvent, useEffect, useRef, useState } from 'react'
import type { CodeSubmission } from '../../api/auth.ts'
import { bodyOf, authenticatedApi, type User } from '../../api/client.ts'
import { ApiProblem } from '../../api/problem.ts'
import { fetchMe } from '../../app/me.ts'
import { useWords } from '../../i18n/index.ts'
import { useSettingsWords } from '../../i18n/settings.ts'
import type { Tokens } from '../../session/store.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogHeading } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { Notice, ProblemNotice } from '../../ui/notice.tsx'
import { PasswordField } from '../../ui/password-field.tsx'
import { useAction } from '../../ui/use-action.ts'
import { validate, focusFirstError } from '../validate.ts'
import { CodeForm } from '../code/code-form.tsx'
import { codeHeading } from '../code/code-heading.ts'
import { useAttempt } from '../code/use-attempt.ts'

interface Props { user: User, onProven: (tokens: Tokens) => void, onCancel: () => void }

/** Asks for the password and then the second step, as a login does. */
export function ReauthenticationDialog ({ user, onProven, onCancel }: Props) {
  const [pendingToken, setPendingToken] = useState<string | null>(null)
  return (
    <Dialog onClose={onCancel}>
      {pendingToken === null
        ? <PasswordStep email={user.email} onProven={onProven} onChallenge={setPendingToken} />
        : <CodeStep pendingToken={pendingToken} onProven={onProven} onRestart={() => { setPendingToken(null) }} />}
    </Dialog>
  )
}

interface PasswordStepProps { email: string, onProven: (tokens: Tokens) => void, onChallenge: (pendingToken: string) => void }

function PasswordStep ({ email, onProven, onChallenge }: PasswordStepProps) {
  const words = useWords()
  const { proof } = useSettingsWords()
  const form = useRef<HTMLFormElement>(null)
  const [password, setPassword] = useState('')
  const [isEmpty, setEmpty] = useState(false)

  const action = useAction('proof', async () => {
    const answer = await bodyOf(authenticatedApi.POST('/auth/reauthenticate', { body: { password } }))
    if (answer.twoFactorRequired) onChallenge(answer.pendingToken)
    else onProven(answer)
  })
  const { problem } = action
  const isWrong = problem?.code === 'CREDENTIALS_INVALID'
  useEffect(() => { if (problem) focusFirstError(form.current) }, [problem])

  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const isMissing = validate.password(password, words).password !== undefined
    setEmpty(isMissing)
    action.clear()
    if (isMissing) focusFirstError(form.current)
    else action.run()
  }
  return (
    <form ref={form} className='grid gap-5' noValidate onSubmit={submit} aria-busy={action.isPending}>
      <DialogHeading title={proof.heading} lead={proof.lead} />
      <Field
        label={words.fields.email} name='email' type='email' autoComplete='username' value={email} locked={words.fields.email} isCompact
      />
      <PasswordField
        label={words.fields.password} name='password' autoComplete='current-password' required autoFocus value={password}
        error={isEmpty ? words.common.required : isWrong ? proof.wrong : undefined} onChange={({ target }) => { setPassword(target.value) }}
      />
      {problem && !isWrong && <ProblemNotice problem={problem} />}
      {action.isSlow && <Notice kind='info'>{words.common.slow}</Notice>}
      <Button type='submit' pending={action.isPending && words.login.pending} lockedUntil={action.lockedUntil}>{proof.submit}</Button>
    </form>
  )
}

interface CodeStepProps { pendingToken: string, onProven: (tokens: Tokens) => void, onRestart: () => void }

function CodeStep ({ pendingToken, onProven, onRestart }: CodeStepProps) {
  const words = useWords()
  const attempt = useAttempt(pendingToken)
  const { heading, lead } = codeHeading(words, attempt)

  const verify = async ({ otp, method }: CodeSubmission): Promise<void> => {
    try {
      onProven(await bodyOf(authenticatedApi.POST('/auth/reauthenticate/verify', { body: { otp, method } })))
    } catch (error) {
      // The last wrong code ended the session; this request notices it and leads to the login.
      if (error instanceof ApiProblem && error.details.attemptsLeft === 0) await fetchMe()
      throw error
    }
  }
  return (
    <>
      <DialogHeading title={heading} lead={lead} />
      <CodeForm attempt={attempt} mayTrust={false} onCode={verify} onRestart={onRestart} restartLabel={words.code.startAgain} />
    </>
  )
}
