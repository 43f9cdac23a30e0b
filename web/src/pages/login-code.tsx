import { type ReactNode, useEffect } from 'react'
import type { NavigationState } from '../app/navigation-state.ts'
import { client } from '../client.ts'
import { useWords } from '../i18n/index.ts'
import { type Attempt, forgetAttempt } from '../session/attempt.ts'
import { dueOffer } from '../session/passkey-offer.ts'
import { LinkButton } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { BackIcon, EnvelopeIcon, KeyIcon, PhoneIcon } from '../ui/icons.tsx'
import { Step, StepSkeleton } from '../ui/step.tsx'
import { AttemptUnreachable } from './code/attempt-unreachable.tsx'
import { codeHeading } from './code/code-heading.ts'
import { SecondStepForm } from './code/second-step-form.tsx'
import { useAttempt } from './code/use-attempt.ts'

const ICONS: Partial<Record<string, ReactNode>> = { email: <EnvelopeIcon className='size-7' />, passkey: <KeyIcon className='size-7' /> }
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

  const { heading, lead } = codeHeading(words, handle, attempt.email)
  return (
    <Step title={code.title} heading={heading} lead={lead} icon={ICONS[method] ?? PHONE} keepsFocus>
      <SecondStepForm
        attempt={handle} mayTrust restartLabel={login.retry} onRestart={() => { onBack() }}
        onCode={async (typed) => {
          dueOffer()
          await client.verifyOtp(typed, { token: attempt.pendingToken })
          forgetAttempt()
        }}
        onPasskey={async (trustDevice) => {
          await client.passkeys.verify({ token: attempt.pendingToken, trustDevice })
          forgetAttempt()
        }}
      >
        <div className={`grid gap-2 ${password === '' ? '' : 'grid-cols-[3fr_2fr]'}`}>
          <Field
            label={fields.email} name='email' type='email' autoComplete='username' value={attempt.email} locked={fields.locked} isCompact
          />
          {/* A reload forgets it, and a password manager would save whatever stood in its place. */}
          {password !== '' && (
            <Field
              label={fields.password} name='password' type='password' autoComplete='current-password' value={password}
              locked={fields.locked} isCompact
            />
          )}
        </div>
      </SecondStepForm>
      {!handle.isOver && (
        <p className='text-center'><LinkButton onClick={() => { onBack() }}><BackIcon className='size-4' />{login.back}</LinkButton></p>
      )}
    </Step>
  )
}
