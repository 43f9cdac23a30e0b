import { client } from '../client.ts'
import { ApiProblem } from '@dvokrok/client'
import type { Locale } from '../i18n/index.ts'

/** Saves the language to the profile, for mails and other devices. If that fails, the cookie still remembers it here. */
export async function saveLocale (locale: Locale): Promise<void> {
  if (client.state.status !== 'signed-in') return
  try {
    await client.api.PATCH('/users/{id}', { params: { path: { id: 'me' } }, body: { locale } })
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error
  }
}
