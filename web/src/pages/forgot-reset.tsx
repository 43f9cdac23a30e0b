import { type FormEvent, useEffect, useId, useRef, useState } from 'react'
import type { NavigationState } from '../app/navigation-state.ts'
import { serverConfig } from '../app/server-config.ts'
import { client } from '../client.ts'
import { useWords } from '../i18n/index.ts'
import type { Attempt } from '../session/attempt.ts'
import { Button, LinkButton } from '../ui/button.tsx'
import { CodeInput } from '../ui/code-input.tsx'
import { Field } from '../ui/field.tsx'
import { BackIcon, EnvelopeIcon } from '../ui/icons.tsx'
import { Notice, ProblemNotice } from '../ui/notice.tsx'
import { NewPasswordField } from '../ui/password-field.tsx'
import { Step, StepSkeleton } from '../ui/step.tsx'
import { useAction } from '../ui/use-action.ts'
import { validate, type FieldErrors, focusFirstError, isSaidByFields, without } from './validate.ts'
import { Announcer } from './code/announcer.tsx'
import { AttemptUnreachable } from './code/attempt-unreachable.tsx'
import { CodeCountdown } from './code/code-countdown.tsx'
import { Resend, ResendProblem } from './code/resend.tsx'
import { isFinal, useAttempt } from './code/use-attempt.ts'

interface Props { attempt: Attempt, onBack: (reason?: NavigationState['reason']) => void, onDone: () => void }

const NEAR_END = 2
/** Refusals of the code, as opposed to the password. */
const CODE_REFUSALS = new Set(['OTP_INVALID', 'OTP_EXPIRED'])

export function ForgotReset ({ attempt, onBack, onDone }: Props) {
  const words = useWords()
  const { code, forgot, fields } = words
  const id = useId()
  const form = useRef<HTMLFormElement>(null)
  const input = useRef<HTMLInputElement>(null)
  const handle = useAttempt(attempt.pendingToken)
  const { view, problem: attemptProblem, sentCount } = handle
  const [otp, setOtp] = useState('')
  const [password, setPassword] = useState('')
  const [errors, setErrors] = useState<FieldErrors>({})

  const action = useAction('reset', async () => {
    await client.api.POST('/auth/password/reset', { token: attempt.pendingToken, body: { otp, newPassword: password } })
    onDone()
  })
  const { problem } = action
  const isUsedUp = handle.isOver || isFinal(problem)
  const isGone = !view && attemptProblem !== null && !attemptProblem.isTransient

  useEffect(() => { if (isGone) onBack('ATTEMPT_OVER') })
  useEffect(() => {
    if (!problem) return
    if (CODE_REFUSALS.has(problem.code)) {
      setOtp('')
      input.current?.focus()
      handle.reload()
    } else focusFirstError(form.current)
  }, [problem])
  useEffect(() => {
    setOtp('')
    input.current?.focus()
  }, [sentCount])

  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const missingCode: FieldErrors = otp.length === serverConfig.codeLength ? {} : { code: words.common.required }
    const found = { ...missingCode, ...validate.newPassword(password, words) }
    setErrors(found)
    action.clear()
    if (Object.keys(found).length > 0) focusFirstError(form.current)
    else action.run()
  }
  if (!view) return attemptProblem?.isTransient ? <AttemptUnreachable attempt={handle} /> : <StepSkeleton />

  const digits = serverConfig.codeLength
  const passwordError = errors.password ?? problem?.fieldError('/newPassword')
  return (
    <Step
      title={forgot.headingNew} heading={isUsedUp ? code.over : forgot.headingNew} icon={<EnvelopeIcon className='size-7' />} keepsFocus
      lead={isUsedUp ? undefined : forgot.leadNew({ digits, address: attempt.email })}
    >
      <form ref={form} className='grid gap-5' noValidate onSubmit={submit} aria-busy={action.isPending}>
        <div className='grid gap-3'>
          <CodeInput
            ref={input} length={digits} value={otp} label={code.label({ digits })}
            isPending={action.isPending} isOff={isUsedUp} autoFocus
            isWrong={errors.code !== undefined || (problem?.code === 'OTP_INVALID' && otp === '')} describedBy={`${id}-error`}
            onChange={(typed) => {
              setOtp(typed)
              setErrors((errors) => without(errors, 'code'))
              if (typed !== '') action.clear()
            }}
          />
          {errors.code && <p className='text-center text-sm font-medium text-bad'>{errors.code}</p>}
          {!isUsedUp && (
            <CodeCountdown codeExpiresAt={view.codeExpiresAt} attemptsLeft={view.attemptsLeft} isNearEnd={view.attemptsLeft <= NEAR_END} />
          )}
        </div>
        <Announcer codeExpiresAt={view.codeExpiresAt} resendAt={view.resendAt} sentCount={sentCount} />
        <Field label={fields.email} name='email' type='email' autoComplete='username' value={attempt.email} locked={fields.locked} />
        {!isUsedUp && (
          <NewPasswordField
            label={fields.newPassword} name='new-password' required value={password} ownWords={[attempt.email]} error={passwordError}
            onChange={({ target }) => {
              setPassword(target.value)
              setErrors((errors) => without(errors, 'password'))
              action.clear()
            }}
          />
        )}
        <div id={`${id}-error`} className='empty:hidden'>
          {problem && !isSaidByFields(problem, '/newPassword') && <ProblemNotice problem={problem} />}
          {!problem && isUsedUp && <Notice kind='bad'>{code.usedUp}</Notice>}
          {!problem && <ResendProblem attempt={handle} />}
          {handle.isChecking && <Notice kind='info'>{words.common.checking}</Notice>}
          {action.isSlow && <Notice kind='info'>{words.common.slow}</Notice>}
        </div>
        {isUsedUp
          ? <Button onClick={() => { onBack() }} autoFocus>{code.startAgain}</Button>
          : (
            <>
              <p className='text-sm text-soft'>{forgot.effect}</p>
              <Button type='submit' pending={action.isPending && forgot.saving} lockedUntil={action.lockedUntil}>{forgot.save}</Button>
              <Resend attempt={handle} isOff={action.isPending} />
            </>
            )}
      </form>
      {!isUsedUp && (
        <p className='text-center'><LinkButton onClick={() => { onBack() }}><BackIcon className='size-4' />{forgot.other}</LinkButton></p>
      )}
    </Step>
  )
}
