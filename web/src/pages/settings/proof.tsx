import { createContext, type ReactNode, useCallback, useContext, useEffect, useRef, useState } from 'react'
import type { User } from '../../api/client.ts'
import { ApiProblem } from '../../api/problem.ts'
import { openSession } from '../../session/session.ts'
import type { Tokens } from '../../session/store.ts'
import { Cancelled } from '../../ui/use-action.ts'
import { ProofDialog } from './proof-dialog.tsx'

/** Runs the work; where it needs a recent proof, asks for one and runs it again. @throws Cancelled when the person would rather not */
type WithProof = <Result>(work: () => Promise<Result>) => Promise<Result>

interface Asked { resolve: () => void, reject: (reason: Cancelled) => void }

const ProofContext = createContext<WithProof | null>(null)

export function useProof (): WithProof {
  const withProof = useContext(ProofContext)
  if (!withProof) throw new Error('no ProofProvider around')
  return withProof
}

export function ProofProvider ({ user, children }: { user: User, children: ReactNode }) {
  const [isAsking, setAsking] = useState(false)
  const asked = useRef<Asked | null>(null)

  const withProof = useCallback<WithProof>(async (work) => {
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
  // Whoever waits for a page that is left waits no more.
  useEffect(() => () => { asked.current?.reject(new Cancelled()) }, [])

  const prove = (tokens: Tokens): void => {
    openSession(tokens)
    setAsking(false)
    asked.current?.resolve()
  }
  const cancel = (): void => {
    setAsking(false)
    asked.current?.reject(new Cancelled())
  }
  return (
    <ProofContext value={withProof}>
      {children}
      {isAsking && <ProofDialog user={user} onProven={prove} onCancel={cancel} />}
    </ProofContext>
  )
}
