import { type FormEvent, useEffect, useRef, useState } from 'react'
import type { CodeSubmission } from '../../client.ts'
import type { User } from '@dvokrok/client'
import { client } from '../../client.ts'
import { ApiProblem } from '@dvokrok/client'
import { fetchMe } from '../../app/me.ts'
import { useSettingsWords, useWords } from '../../i18n/index.ts'
import { hasPasskeys } from '../../session/passkeys.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogHeading } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { Notice, ProblemNotice } from '../../ui/notice.tsx'
import { PasswordField } from '../../ui/password-field.tsx'
import { useAction } from '../../ui/use-action.ts'
import { validate, focusFirstError } from '../validate.ts'
import { codeHeading } from '../code/code-heading.ts'
import { SecondStepForm } from '../code/second-step-form.tsx'
import { useAttempt } from '../code/use-attempt.ts'

interface Props { user: User, onProven: () => void, onCancel: () => void }

/** Asks for the password and then the second step, as a login does. */
export function ReauthenticationDialog ({ user, onProven, onCancel }: Props) {
  const [pendingToken, setPendingToken] = useState<string | null>(null)
  return (
    <Dialog onClose={onCancel}>
      {pendingToken === null
        ? <PasswordStep user={user} onProven={onProven} onChallenge={setPendingToken} />
        : <CodeStep pendingToken={pendingToken} onProven={onProven} onRestart={() => { setPendingToken(null) }} />}
    </Dialog>
  )
}

interface PasswordStepProps { user: User, onProven: () => void, onChallenge: (pendingToken: string) => void }

function PasswordStep ({ user: { email, secondFactors }, onProven, onChallenge }: PasswordStepProps) {
  const words = useWords()
  const { proof } = useSettingsWords()
  const form = useRef<HTMLFormElement>(null)
  const [password, setPassword] = useState('')
  const [isEmpty, setEmpty] = useState(false)

  const action = useAction('proof', async () => {
    const { data } = await client.api.POST('/auth/reauthenticate', { body: { password } })
    if (data.twoFactorRequired) onChallenge(data.pendingToken)
    else onProven()
  })
  const passkey = useAction('passkey', async () => {
    await client.passkeys.reauthenticate()
    onProven()
  })
  const problem = action.problem ?? passkey.problem
  const isWrong = problem?.code === 'CREDENTIALS_INVALID'
  useEffect(() => { if (problem) focusFirstError(form.current) }, [problem])

  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const isMissing = validate.password(password, words).password !== undefined
    setEmpty(isMissing)
    action.clear()
    passkey.clear()
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
        error={isEmpty ? words.common.required : isWrong ? proof.wrong : undefined} onChange={({ target }) => {
          setPassword(target.value)
          setEmpty(false)
          action.clear()
          passkey.clear()
        }}
      />
      {problem && !isWrong && <ProblemNotice problem={problem} />}
      {action.isSlow && <Notice kind='info'>{words.common.slow}</Notice>}
      <Button type='submit' pending={action.isPending && words.login.pending} lockedUntil={action.lockedUntil}>{proof.submit}</Button>
      {hasPasskeys && secondFactors.includes('passkey') && (
        <Button
          variant='quiet' pending={passkey.isPending && words.login.passkeyPending} lockedUntil={passkey.lockedUntil} onClick={() => {
            action.clear()
            setEmpty(false)
            passkey.run()
          }}
        >
          {words.code.by.passkey}
        </Button>
      )}
    </form>
  )
}

interface CodeStepProps { pendingToken: string, onProven: () => void, onRestart: () => void }

function CodeStep ({ pendingToken, onProven, onRestart }: CodeStepProps) {
  const words = useWords()
  const attempt = useAttempt(pendingToken)
  const { heading, lead } = codeHeading(words, attempt)

  const verify = async ({ otp, method }: CodeSubmission): Promise<void> => {
    try {
      await client.api.POST('/auth/reauthenticate/verify', { body: { otp, method } })
      onProven()
    } catch (error) {
      // The last wrong code ended the session; this request notices it and leads to the login.
      if (error instanceof ApiProblem && error.details.attemptsLeft === 0) await fetchMe()
      throw error
    }
  }
  return (
    <>
      <DialogHeading title={heading} lead={lead} />
      <SecondStepForm
        attempt={attempt} mayTrust={false} onRestart={onRestart} restartLabel={words.code.startAgain} onCode={verify}
        onPasskey={async () => {
          await client.passkeys.reauthenticate({ token: pendingToken })
          onProven()
        }}
      />
    </>
  )
}
