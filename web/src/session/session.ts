import { ApiProblem, type SessionState } from '@dvokrok/client'
import { useSyncExternalStore } from 'react'
import { serverConfig } from '../app/server-config.ts'
import { client } from '../client.ts'

/** Hints that a refresh cookie may exist, so that first-time visitors do not send a request that must fail. */
const HINT = 'dvokrok.session'

client.onChange(({ status }) => {
  if (status === 'signed-in') localStorage.setItem(HINT, '1')
  else localStorage.removeItem(HINT)
})

export const mayHaveSession = (): boolean => serverConfig.hasSession || localStorage.getItem(HINT) !== null

export const useSession = (): SessionState => useSyncExternalStore(client.onChange, () => client.state)

/** After a load: restores the session of the refresh cookie, if any. @throws ApiProblem if the server cannot be asked */
export async function restoreSession (): Promise<void> {
  if (client.state.status !== 'unknown') return
  try {
    await client.accessToken()
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.status !== 401) throw error
  }
}
