import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { useEffect } from 'react'
import { Outlet } from 'react-router'
import { ApiProblem } from '../api/problem.ts'
import { useSession } from '../session/session.ts'

const MAX_RETRIES = 2

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      // A refusal is an answer; only what passes by itself is asked again.
      retry: (count, error) => error instanceof ApiProblem && error.isTransient && count < MAX_RETRIES,
      retryDelay: (count, error) => Math.max(500 * 2 ** count, error instanceof ApiProblem ? error.retryAt - Date.now() : 0)
    }
  }
})

/** What the pages of a signed-in person share: the cache of what the server said, for one person at a time. */
export default function SignedInLayout () {
  const session = useSession()
  const id = session.status === 'signed-in' ? session.user.id : ''
  useEffect(() => () => { queries.clear() }, [id])
  return <QueryClientProvider client={queries}><Outlet /></QueryClientProvider>
}
