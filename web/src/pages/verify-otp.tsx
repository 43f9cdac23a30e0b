import { Link, Navigate, useNavigate, useSearchParams } from 'react-router'
import { useState } from 'react'
import { useCarry } from '../app/paths.ts'
import type { NavigationState } from '../app/navigation-state.ts'
import { toast } from '../app/toasts.tsx'
import { client } from '../client.ts'
import { useWords } from '../i18n/index.ts'
import { forgetAttempt, keptAttempt } from '../session/attempt.ts'
import { dueOffer } from '../session/passkey-offer.ts'
import { Button, LINK } from '../ui/button.tsx'
import { BackIcon, EnvelopeIcon } from '../ui/icons.tsx'
import { Notice } from '../ui/notice.tsx'
import { Step, StepSkeleton } from '../ui/step.tsx'
import { AttemptUnreachable } from './code/attempt-unreachable.tsx'
import { codeHeading } from './code/code-heading.ts'
import { SecondStepForm } from './code/second-step-form.tsx'
import { useAttempt } from './code/use-attempt.ts'

const ICON = <EnvelopeIcon className='size-7' />

/** Verifies the code of a sign-up (or of a login begun on another page) and signs in; the guard of guest pages leads on. */
export default function VerifyOtpPage () {
  const words = useWords()
  const { code } = words
  const navigate = useNavigate()
  const carry = useCarry()
  const [search] = useSearchParams()
  const address = search.get('email') ?? ''
  const [kept] = useState(() => keptAttempt('sign-up', 'login'))
  // If the link names another address than this tab's attempt, it refers to the attempt of the cookie.
  const own = kept && (address === '' || address.toLowerCase() === kept.email.toLowerCase()) ? kept : null
  const handle = useAttempt(own?.pendingToken ?? null)
  const { view, problem } = handle
  const isSignUp = view?.purpose !== 'login'
  const navigationState: NavigationState = { email: own?.email ?? address, ...(own?.name ? { name: own.name } : {}) }
  const start = carry(isSignUp ? '/register' : '/login')

  const restart = (): void => {
    forgetAttempt()
    navigate(start, { state: navigationState })
  }
  if (!view && problem?.isTransient) return <AttemptUnreachable attempt={handle} />
  if (!view && problem) return <Over navigationState={navigationState} />
  if (!view) return <StepSkeleton />
  if (view.purpose === 'reset') return <Navigate to={carry('/forgot-password')} replace />

  const { heading, lead } = codeHeading(words, handle, own?.email)
  return (
    <Step title={isSignUp ? code.titleEmail : code.title} heading={heading} lead={lead} icon={ICON} keepsFocus>
      <SecondStepForm
        attempt={handle} mayTrust={!isSignUp}
        restartLabel={code.startAgain} onRestart={restart}
        onCode={async (typed) => {
          const body = { ...typed, ...(address === '' ? {} : { email: address }) }
          dueOffer()
          await client.verifyOtp(body, { token: own?.pendingToken ?? null })
          forgetAttempt()
          if (isSignUp) toast(code.confirmed)
        }}
        onPasskey={async (trustDevice) => {
          await client.passkeys.verify({ token: own?.pendingToken ?? null, trustDevice })
          forgetAttempt()
        }}
      />
      {!handle.isOver && (
        <p className='text-center'>
          <Link to={start} state={navigationState} onClick={forgetAttempt} className={LINK}>
            <BackIcon className='size-4' />{code.wrongAddress}
          </Link>
        </p>
      )}
    </Step>
  )
}

function Over ({ navigationState }: { navigationState: NavigationState }) {
  const { code, login, register } = useWords()
  const navigate = useNavigate()
  const carry = useCarry()
  return (
    <Step title={code.over} heading={code.over} icon={ICON}>
      <Notice kind='info'>{code.overLead}</Notice>
      <Button onClick={() => { navigate(carry('/register'), { state: navigationState }) }}>{code.startAgain}</Button>
      <p className='text-center text-soft'>
        {register.already} <Link to={carry('/login')} state={navigationState} className={LINK}>{login.title}</Link>
      </p>
    </Step>
  )
}
