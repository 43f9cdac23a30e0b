import { bodyOf, authenticatedApi } from '../api/client.ts'
import { ApiProblem } from '../api/problem.ts'
import type { Locale } from '../i18n/index.ts'
import { currentSession, updateUser } from '../session/store.ts'

/** Saves the language to the profile, for mails and other devices. If that fails, the cookie still remembers it here. */
export async function saveLocale (locale: Locale): Promise<void> {
  if (!currentSession()) return
  try {
    const { user } = await bodyOf(authenticatedApi.PATCH('/users/{id}', { params: { path: { id: 'me' } }, body: { locale } }))
    updateUser(user)
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error
  }
}
