import { useEffect } from 'react'
import { verifyOtp } from '../api/auth.ts'
import type { NavigationState } from '../app/navigation-state.ts'
import { useWords } from '../i18n/index.ts'
import { type Attempt, forgetAttempt } from '../session/attempt.ts'
import { openSession } from '../session/session.ts'
import { LinkButton } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { BackIcon, EnvelopeIcon, PhoneIcon } from '../ui/icons.tsx'
import { Step, StepSkeleton } from '../ui/step.tsx'
import { AttemptUnreachable } from './code/attempt-unreachable.tsx'
import { CodeForm } from './code/code-form.tsx'
import { codeHeading } from './code/code-heading.ts'
import { useAttempt } from './code/use-attempt.ts'

const ENVELOPE = <EnvelopeIcon className='size-7' />
/** Placeholder after a reload, which discards the (verified) password. */
const HIDDEN = '••••••••'
const PHONE = <PhoneIcon className='size-7' />

interface Props { attempt: Attempt, password: string, onBack: (reason?: NavigationState['reason']) => void }

export default function LoginCode ({ attempt, password, onBack }: Props) {
  const words = useWords()
  const { fields, login, code } = words
  const handle = useAttempt(attempt.pendingToken)
  const { view, problem, method } = handle
  const isGone = !view && problem !== null && !problem.isTransient

  useEffect(() => { if (isGone) onBack('ATTEMPT_OVER') })
  if (!view) return problem?.isTransient ? <AttemptUnreachable attempt={handle} /> : <StepSkeleton />

  const { heading, lead } = codeHeading(words, handle)
  return (
    <Step title={code.title} heading={heading} lead={lead} icon={method === 'email' ? ENVELOPE : PHONE} keepsFocus>
      <CodeForm
        attempt={handle} mayTrust restartLabel={login.retry} onRestart={() => { onBack() }}
        onCode={async (typed) => {
          const tokens = await verifyOtp(attempt.pendingToken, typed)
          forgetAttempt()
          openSession(tokens)
        }}
      >
        <div className='grid grid-cols-[3fr_2fr] gap-2'>
          <Field
            label={fields.email} name='email' type='email' autoComplete='username' value={attempt.email} locked={fields.locked} isCompact
          />
          <Field
            label={fields.password} name='password' type='password' autoComplete='current-password'
            value={password === '' ? HIDDEN : password} locked={fields.locked} isCompact
          />
        </div>
      </CodeForm>
      <p className='text-center'><LinkButton onClick={() => { onBack() }}><BackIcon className='size-4' />{login.back}</LinkButton></p>
    </Step>
  )
}
