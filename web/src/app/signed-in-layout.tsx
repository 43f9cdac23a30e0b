import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { useEffect } from 'react'
import { Outlet } from 'react-router'
import { ApiProblem } from '@dvokrok/client'
import { useSession } from '../session/session.ts'

const MAX_RETRIES = 2

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      // Retry only transient errors; any other refusal is final.
      retry: (count, error) => error instanceof ApiProblem && error.isTransient && count < MAX_RETRIES,
      retryDelay: (count, error) => Math.max(500 * 2 ** count, error instanceof ApiProblem ? error.retryAt - Date.now() : 0)
    }
  }
})

/** Provides the query cache to the signed-in pages and clears it when the user changes. */
export default function SignedInLayout () {
  const session = useSession()
  const id = session.status === 'signed-in' ? session.user.id : ''
  useEffect(() => () => { queries.clear() }, [id])
  return <QueryClientProvider client={queries}><Outlet /></QueryClientProvider>
}
