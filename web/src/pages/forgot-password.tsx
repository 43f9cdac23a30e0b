import { useState } from 'react'
import { useNavigate } from 'react-router'
import { type NavigationState, useNavigationState } from '../app/navigation-state.ts'
import { useCarry } from '../app/paths.ts'
import { type Attempt, forgetAttempt, keepAttempt, keptAttempt } from '../session/attempt.ts'
import { ForgotAddress } from './forgot-address.tsx'
import { ForgotReset } from './forgot-reset.tsx'

/** Two steps: the address, then the code together with the new password. */
export default function ForgotPasswordPage () {
  const navigationState = useNavigationState()
  const navigate = useNavigate()
  const carry = useCarry()
  const [attempt, setAttempt] = useState<Attempt | null>(() => keptAttempt('reset'))
  const [email, setEmail] = useState(attempt?.email ?? navigationState.email ?? '')
  const [reason, setReason] = useState<NavigationState['reason']>()

  if (attempt) {
    return (
      <ForgotReset
        attempt={attempt}
        onBack={(why) => {
          forgetAttempt()
          setAttempt(null)
          setReason(why)
        }}
        onDone={() => {
          forgetAttempt()
          const state: NavigationState = { email: attempt.email, reason: 'PASSWORD_CHANGED' }
          navigate(carry('/login'), { state, replace: true })
        }}
      />
    )
  }
  return (
    <ForgotAddress
      email={email} reason={reason} setEmail={setEmail}
      onSent={(pendingToken) => {
        const fresh = { purpose: 'reset' as const, pendingToken, email: email.trim() }
        keepAttempt(fresh)
        setAttempt(fresh)
      }}
    />
  )
}
