import { type FormEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react'
import { serverConfig } from '../../app/server-config.ts'
import type { CodeSubmission } from '../../client.ts'
import { useWords } from '../../i18n/index.ts'
import { Button } from '../../ui/button.tsx'
import { CodeInput } from '../../ui/code-input.tsx'
import { Field } from '../../ui/field.tsx'
import { recoveryCodeOf } from '../../ui/fold-code.ts'
import { Notice, ProblemNotice } from '../../ui/notice.tsx'
import { useAction } from '../../ui/use-action.ts'
import { useSecondsUntil } from '../../ui/use-seconds.ts'
import { focusFirstError } from '../validate.ts'
import { Announcer } from './announcer.tsx'
import { CodeCountdown } from './code-countdown.tsx'
import { OtherMethods } from './other-methods.tsx'
import { Resend, ResendProblem } from './resend.tsx'
import { Trust } from './trust.tsx'
import { type AttemptHandle, isFinal } from './use-attempt.ts'

export interface CodeFormProps {
  attempt: AttemptHandle
  mayTrust: boolean
  /** Verifies the code and continues with the result. */
  onCode: (typed: CodeSubmission) => Promise<void>
  /** Called to start a new attempt when this one is over. */
  onRestart: () => void
  restartLabel: string
  /** Rendered above the code, such as the locked fields of a login. */
  children?: ReactNode
}

const TOTP_LENGTH = 6
const NEAR_END = 2

export function CodeForm ({ attempt, mayTrust, onCode, onRestart, restartLabel, children }: CodeFormProps) {
  const words = useWords()
  const id = useId()
  const form = useRef<HTMLFormElement>(null)
  const input = useRef<HTMLInputElement>(null)
  const [otp, setOtp] = useState('')
  const [isTrusted, setTrusted] = useState(false)
  const [isMalformed, setMalformed] = useState(false)
  const submitted = useRef('')
  const { view, method, isOver, end, sentCount } = attempt
  const isRecovery = method === 'recovery_code'
  const length = method === 'totp' ? TOTP_LENGTH : serverConfig.codeLength

  const check = useAction('verify', async (typed: string) => {
    submitted.current = typed
    await onCode({ otp: typed, method, ...(isTrusted ? { trustDevice: true } : {}) })
  })
  const { problem } = check
  const isSent = method === 'email' || method === 'sms'
  const secondsLeft = useSecondsUntil(view?.codeExpiresAt ?? 0)
  /** No code that was sent is valid any more. */
  const isSpent = isSent && view !== null && secondsLeft === 0

  useEffect(() => {
    if (!problem) return
    if (isFinal(problem)) end()
    submitted.current = ''
    // A code that was not checked stays for a retry, a recovery code to be corrected.
    if (!problem.isTransient) {
      if (!isRecovery) setOtp('')
      attempt.reload()
    }
    if (isRecovery) focusFirstError(form.current)
    else input.current?.focus()
  }, [problem])
  useEffect(() => {
    setOtp('')
    check.clear()
    input.current?.focus()
  }, [method, sentCount])

  const change = (typed: string): void => {
    setOtp(typed)
    setMalformed(false)
    if (problem && typed !== '') check.clear()
    // Submits every complete code, but never the same value twice.
    if (!isRecovery && typed.length === length && typed !== submitted.current) check.run(typed)
  }
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const code = isRecovery ? recoveryCodeOf(otp) : otp.length === length ? otp : null
    if (code !== null) check.run(code)
    else {
      // The field of a recovery code has no ref of its own.
      setMalformed(isRecovery)
      if (isRecovery) focusFirstError(event.currentTarget)
      else input.current?.focus()
    }
  }
  const refused = problem?.fieldError('/otp') ?? (problem?.code === 'OTP_INVALID' ? words.problems.OTP_INVALID.title : undefined)
  const hasHint = `${id}-hint`
  const hasError = `${id}-error`

  return (
    <form ref={form} className="grid gap-5" noValidate onSubmit={submit}>
      {children}
      {!isOver && isRecovery && (
        <Field
          label={words.code.labelRecovery} value={otp} autoComplete='off' autoCapitalize='characters' spellCheck={false} enterKeyHint='done'
          error={isMalformed ? words.code.recoveryShape : refused}
          placeholder='ABCD-EFGH-IJKL-MNOP' className='font-mono uppercase' autoFocus onChange={({ target }) => { change(target.value) }}
          readOnly={check.isPending}
        />
      )}
      {!isOver && !isRecovery && (
        <div className="grid gap-3">
          <CodeInput
            ref={input} length={length} value={otp} label={words.code.label({ digits: length })} onChange={change}
            isPending={check.isPending}
            isWrong={(problem?.code === 'OTP_INVALID' && otp === '') || problem?.code === 'VALIDATION_FAILED'}
            describedBy={`${hasError} ${hasHint}`} autoFocus
          />
          <p id={hasHint} className="sr-only">
            {words.code.hint}
          </p>
        </div>
      )}
      <div id={hasError} className="empty:hidden">
        {problem && <ProblemNotice problem={problem} />}
        {!problem && isOver && <Notice kind="bad">{view?.attemptsLeft === 0 ? words.code.usedUp : words.code.overLead}</Notice>}
        {!problem && !isOver && <ResendProblem attempt={attempt} />}
        {attempt.isChecking && <Notice kind="info">{words.common.checking}</Notice>}
        {check.isSlow && <Notice kind="info">{words.common.slow}</Notice>}
      </div>
      {!isOver && view && isSent && (
        <CodeCountdown codeExpiresAt={view.codeExpiresAt} attemptsLeft={view.attemptsLeft} isNearEnd={view.attemptsLeft <= NEAR_END} />
      )}
      {view && <Announcer codeExpiresAt={view.codeExpiresAt} resendAt={view.resendAt} sentCount={sentCount} />}
      {isOver
        ? (
        <Button onClick={onRestart} autoFocus>{restartLabel}</Button>
          )
        : (
        <>
          {mayTrust && <Trust isTrusted={isTrusted} onChange={setTrusted} />}
          {!isSpent && (
            <Button type="submit" pending={check.isPending && words.code.pending} lockedUntil={check.lockedUntil}>
              {words.code.submit}
            </Button>
          )}
          {isSent && <Resend attempt={attempt} isOff={check.isPending} isPrimary={isSpent} />}
          <OtherMethods attempt={attempt} />
        </>
          )}
    </form>
  )
}
