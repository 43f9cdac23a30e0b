import { type FormEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react'
import { serverConfig } from '../../app/server-config.ts'
import type { CodeSubmission } from '../../api/auth.ts'
import { ApiProblem } from '../../api/problem.ts'
import { useWords } from '../../i18n/index.ts'
import { Button } from '../../ui/button.tsx'
import { CodeInput } from '../../ui/code-input.tsx'
import { Field } from '../../ui/field.tsx'
import { recoveryCodeOf } from '../../ui/fold-code.ts'
import { Notice, ProblemNotice } from '../../ui/notice.tsx'
import { useAction } from '../../ui/use-action.ts'
import { focusFirstError } from '../validate.ts'
import { Announcer } from './announcer.tsx'
import { CodeCountdown } from './code-countdown.tsx'
import { OtherMethods } from './other-methods.tsx'
import { Resend } from './resend.tsx'
import type { AttemptHandle } from './use-attempt.ts'

interface Props {
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

export function CodeForm ({ attempt, mayTrust, onCode, onRestart, restartLabel, children }: Props) {
  const words = useWords()
  const id = useId()
  const input = useRef<HTMLInputElement>(null)
  const [otp, setOtp] = useState('')
  const [isTrusted, setTrusted] = useState(false)
  const [isMalformed, setMalformed] = useState(false)
  const submitted = useRef('')
  const { view, method, sentCount } = attempt
  const isRecovery = method === 'recovery_code'
  const length = method === 'totp' ? TOTP_LENGTH : serverConfig.codeLength

  const check = useAction('verify', async (typed: string) => {
    submitted.current = typed
    await onCode({ otp: typed, method, ...(isTrusted ? { trustDevice: true } : {}) })
  })
  const { problem } = check
  const isOver = isFinal(problem) || isFinal(attempt.problem) || view?.attemptsLeft === 0

  useEffect(() => {
    if (!problem) return
    // The code was not checked: keep the digits for a retry.
    if (problem.isTransient) submitted.current = ''
    else {
      setOtp('')
      submitted.current = ''
      attempt.reload()
    }
    input.current?.focus()
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
  const hasHint = `${id}-hint`
  const hasError = `${id}-error`

  return (
    <form className="grid gap-5" noValidate onSubmit={submit}>
      {children}
      {!isOver && isRecovery && (
        <Field
          label={words.code.labelRecovery} value={otp} autoComplete='off' autoCapitalize='characters' spellCheck={false}
          error={isMalformed ? words.code.recoveryShape : problem?.fieldError('/otp')}
          placeholder='ABCD-EFGH-IJKL-MNOP' className='font-mono uppercase' autoFocus onChange={({ target }) => { change(target.value) }}
          readOnly={check.isPending}
        />
      )}
      {!isOver && !isRecovery && (
        <div className="grid gap-3">
          <CodeInput
            ref={input} length={length} value={otp} label={words.code.label(length)} onChange={change} isPending={check.isPending}
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
        {!problem && isOver && (
          <Notice kind="bad" title={words.code.over}>
            {view?.attemptsLeft === 0 ? words.code.usedUp : words.code.overLead}
          </Notice>
        )}
        {!problem && !isOver && attempt.resend.problem && <ProblemNotice problem={attempt.resend.problem} />}
        {attempt.isChecking && <Notice kind="info">{words.common.checking}</Notice>}
        {check.isSlow && <Notice kind="info">{words.common.slow}</Notice>}
      </div>
      {!isOver && view && (method === 'email' || method === 'sms') && (
        <CodeCountdown codeExpiresAt={view.codeExpiresAt} attemptsLeft={view.attemptsLeft} isNearEnd={view.attemptsLeft <= NEAR_END} />
      )}
      {isOver
        ? (
        <Button onClick={onRestart}>{restartLabel}</Button>
          )
        : (
        <>
          {mayTrust && <Trust isTrusted={isTrusted} onChange={setTrusted} />}
          <Button type="submit" pending={check.isPending && words.code.pending} lockedUntil={check.lockedUntil}>
            {words.code.submit}
          </Button>
          {(method === 'email' || method === 'sms') && <Resend attempt={attempt} isOff={check.isPending} />}
          <OtherMethods attempt={attempt} />
        </>
          )}
      {view && <Announcer codeExpiresAt={view.codeExpiresAt} resendAt={view.resendAt} sentCount={sentCount} />}
    </form>
  )
}

/** No further code can succeed. */
function isFinal (problem: ApiProblem | null): boolean {
  if (!problem) return false
  const isDead = problem.code === 'OTP_INVALID' && problem.details.attemptsLeft === 0
  return isDead || ['CHALLENGE_INVALID', 'OTP_ATTEMPTS_EXCEEDED', 'TOKEN_MISSING', 'TOKEN_INVALID', 'TOKEN_EXPIRED'].includes(problem.code)
}

function Trust ({ isTrusted, onChange }: { isTrusted: boolean, onChange: (isTrusted: boolean) => void }) {
  const { code } = useWords()
  const id = useId()
  return (
    <div className='flex gap-3 rounded-2xl border border-line px-4 py-3'>
      <input
        id={id} type='checkbox' className='mt-0.5 size-5 shrink-0 accent-accent' checked={isTrusted} aria-describedby={`${id}-hint`}
        onChange={({ target }) => { onChange(target.checked) }}
      />
      <div>
        <label htmlFor={id} className='font-medium'>{code.trust}</label>
        <p id={`${id}-hint`} className='text-sm text-soft'>{code.trustHint}</p>
      </div>
    </div>
  )
}
