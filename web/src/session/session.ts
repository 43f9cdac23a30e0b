import { useSyncExternalStore } from 'react'
import { ApiProblem, problemOf } from '../api/problem.ts'
import { send } from '../api/send.ts'
import { accessToken } from './refresh.ts'
import { currentSession, dropSession, sessionState, type SessionState, subscribe, type Tokens, toSession } from './store.ts'
import { broadcastEnd, broadcastSession } from './tabs.ts'

export type { EndReason, SessionState } from './store.ts'
export { mayHaveSession, updateUser } from './store.ts'

export const useSession = (): SessionState => useSyncExternalStore(subscribe, sessionState)

/** Signs in here and in every other tab. */
export const openSession = (tokens: Tokens): void => { broadcastSession(toSession(tokens)) }

/** After a load: restores the session of the refresh cookie, if any. @throws ApiProblem if the server cannot be asked */
export async function restoreSession (): Promise<void> {
  if (sessionState().status !== 'unknown') return
  try {
    await accessToken()
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.status !== 401) throw error
    if (sessionState().status === 'unknown') dropSession(error.code === 'TOKEN_MISSING' ? null : error.code)
  }
}

/** Signs out in every tab after the account was deleted. */
export const leaveDeleted = (): void => { broadcastEnd('ACCOUNT_DELETED') }

/** Ends the session on the server, then in every tab. @throws ApiProblem if the server was not reached; the session then lives on */
export async function signOut (): Promise<void> {
  const token = currentSession()?.accessToken
  const headers: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {}
  const response = await send(new Request(`${location.origin}/auth/logout`, { method: 'POST', headers }))
  if (!response.ok) throw await problemOf(response)
  broadcastEnd('SIGNED_OUT')
}
