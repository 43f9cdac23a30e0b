import { lazy, useState } from 'react'
import { type NavigationState, useNavigationState } from '../app/navigation-state.ts'
import { forgetAttempt, keepAttempt, keptAttempt } from '../session/attempt.ts'
import { LoginPassword } from './login-password.tsx'

const LoginCode = lazy(async () => await import('./login-code.tsx'))

/** Two steps on one URL: the password, then the code with e-mail and password locked. */
export function LoginPage () {
  const navigationState = useNavigationState()
  const [attempt, setAttempt] = useState(() => keptAttempt('login'))
  const [email, setEmail] = useState(attempt?.email ?? navigationState.email ?? '')
  const [password, setPassword] = useState('')
  const [reason, setReason] = useState<NavigationState['reason']>(navigationState.reason)

  const leaveCode = (why?: NavigationState['reason']): void => {
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
