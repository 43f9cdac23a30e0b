import { lazy, useState } from 'react'
import { type Carried, useCarried } from '../app/carried.ts'
import { forgetAttempt, keepAttempt, keptAttempt } from '../session/attempt.ts'
import { LoginPassword } from './login-password.tsx'

const LoginCode = lazy(async () => await import('./login-code.tsx'))

/** One address, two steps: the password, then the code with e-mail and password locked. */
export function LoginPage () {
  const carried = useCarried()
  const [attempt, setAttempt] = useState(() => keptAttempt('login'))
  const [email, setEmail] = useState(attempt?.email ?? carried.email ?? '')
  const [password, setPassword] = useState('')
  const [reason, setReason] = useState<Carried['reason']>(carried.reason)

  const leaveCode = (why?: Carried['reason']): void => {
    forgetAttempt()
    setAttempt(null)
    setReason(why)
  }
  if (attempt) return <LoginCode attempt={attempt} password={password} onBack={leaveCode} />
  return (
    <LoginPassword
      email={email} password={password} reason={reason} setEmail={setEmail} setPassword={setPassword}
      onChallenge={(pendingToken) => {
        const fresh = { purpose: 'login' as const, pendingToken, email: email.trim() }
        keepAttempt(fresh)
        setAttempt(fresh)
      }}
    />
  )
}
