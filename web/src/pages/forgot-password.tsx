import { useState } from 'react'
import { useNavigate } from 'react-router'
import { type Carried, useCarried } from '../app/carried.ts'
import { type Attempt, forgetAttempt, keepAttempt, keptAttempt } from '../session/attempt.ts'
import { ForgotAddress } from './forgot-address.tsx'
import { ForgotReset } from './forgot-reset.tsx'

/** The address, then its code together with the new password. */
export default function ForgotPasswordPage () {
  const carried = useCarried()
  const navigate = useNavigate()
  const [attempt, setAttempt] = useState<Attempt | null>(() => keptAttempt('reset'))
  const [email, setEmail] = useState(attempt?.email ?? carried.email ?? '')
  const [reason, setReason] = useState<Carried['reason']>()

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
          navigate('/login', { state: { email: attempt.email, reason: 'PASSWORD_CHANGED' } satisfies Carried, replace: true })
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
