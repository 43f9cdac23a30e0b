import { createContext, type ReactNode, useCallback, useContext, useEffect, useRef, useState } from 'react'
import type { User } from '@dvokrok/client'
import { ApiProblem } from '@dvokrok/client'
import { Cancelled } from '../../ui/use-action.ts'
import { ReauthenticationDialog } from './reauthentication-dialog.tsx'

/** Runs `work`; if it requires a reauthentication, asks for one and runs it again. @throws Cancelled if the user declines */
type WithReauthentication = <Result>(work: () => Promise<Result>) => Promise<Result>

interface Asked { resolve: () => void, reject: (reason: Cancelled) => void }

const ReauthenticationContext = createContext<WithReauthentication | null>(null)

export function useReauthentication (): WithReauthentication {
  const withReauthentication = useContext(ReauthenticationContext)
  if (!withReauthentication) throw new Error('ReauthenticationProvider')
  return withReauthentication
}

export function ProofProvider ({ user, children }: { user: User, children: ReactNode }) {
  const [isAsking, setAsking] = useState(false)
  const asked = useRef<Asked | null>(null)

  const withReauthentication = useCallback<WithReauthentication>(async (work) => {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.code !== 'REAUTHENTICATION_REQUIRED') throw error
      await new Promise<void>((resolve, reject) => {
        asked.current = { resolve, reject }
        setAsking(true)
      })
      return await work()
    }
  }, [])
  // Leaving the page cancels a pending reauthentication.
  useEffect(() => () => { asked.current?.reject(new Cancelled()) }, [])

  const prove = (): void => {
    setAsking(false)
    asked.current?.resolve()
  }
  const cancel = (): void => {
    setAsking(false)
    asked.current?.reject(new Cancelled())
  }
  return (
    <ReauthenticationContext value={withReauthentication}>
      {children}
      {isAsking && <ReauthenticationDialog user={user} onProven={prove} onCancel={cancel} />}
    </ReauthenticationContext>
  )
}
