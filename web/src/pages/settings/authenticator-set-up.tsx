import { type FormEvent, useEffect, useId, useRef, useState } from 'react'
import { useSettingsWords, useWords } from '../../i18n/index.ts'
import { Button, LINK } from '../../ui/button.tsx'
import { CodeInput } from '../../ui/code-input.tsx'
import { ProblemNotice } from '../../ui/notice.tsx'
import type { Action } from '../../ui/use-action.ts'
import { CopyButton } from './copy-button.tsx'

export interface SetUp { secret: string, otpauth: string, qr: string }

interface Props { setUp: SetUp, confirm: Action<[string]>, onCancel: () => void }

const LENGTH = 6

/** Shows the secret as QR code, link and key, then asks for the first code. */
export function AuthenticatorSetUp ({ setUp: { secret, otpauth, qr }, confirm, onCancel }: Props) {
  const { authenticator } = useSettingsWords()
  const { code, common } = useWords()
  const id = useId()
  const heading = useRef<HTMLHeadingElement>(null)
  const input = useRef<HTMLInputElement>(null)
  const [otp, setOtp] = useState('')
  const { problem, isPending } = confirm

  useEffect(() => { heading.current?.focus() }, [secret])
  useEffect(() => {
    if (!problem) return
    if (!problem.isTransient) setOtp('')
    input.current?.focus()
  }, [problem])

  const change = (typed: string): void => {
    setOtp(typed)
    if (typed.length === LENGTH && typed !== otp) confirm.run(typed)
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (otp.length === LENGTH) confirm.run(otp)
    else input.current?.focus()
  }
  return (
    <form className='grid gap-5 border-line xs:rounded-2xl xs:border xs:p-4' noValidate onSubmit={submit}>
      <div>
        <h3 ref={heading} tabIndex={-1} className='font-semibold'>{authenticator.scanHeading}</h3>
        <p>{authenticator.scan}</p>
      </div>
      <a href={otpauth} className={`${LINK} hidden! pointer-coarse:inline-flex!`}>{authenticator.openApp}</a>
      {/* Black on white in dark mode too: many scanners cannot read inverted QR codes. */}
      <img
        className='size-52 justify-self-center rounded-xl bg-white' src={`data:image/svg+xml,${encodeURIComponent(qr)}`}
        alt={authenticator.qr} width='208' height='208'
      />
      <div className='grid gap-2'>
        <p>{authenticator.key}</p>
        <div className='flex flex-wrap items-center gap-3'>
          <code className='min-w-0 font-mono wrap-anywhere' data-testid='key'>{secret.replace(/.{4}(?=.)/g, '$& ')}</code>
          <CopyButton text={secret} />
        </div>
      </div>
      <p>{authenticator.enter} {authenticator.effect}</p>
      <CodeInput
        ref={input} length={LENGTH} value={otp} label={code.label({ digits: LENGTH })} onChange={change} isPending={isPending}
        isWrong={problem?.code === 'OTP_INVALID' && otp === ''} describedBy={`${id}-error`}
      />
      <div id={`${id}-error`} className='empty:hidden'>{problem && <ProblemNotice problem={problem} />}</div>
      <div className='flex flex-wrap gap-3'>
        <Button type='submit' pending={isPending && authenticator.confirming} lockedUntil={confirm.lockedUntil}>
          {authenticator.confirm}
        </Button>
        <Button variant='quiet' onClick={onCancel}>{common.cancel}</Button>
      </div>
    </form>
  )
}
