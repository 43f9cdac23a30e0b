import { useQuery } from '@tanstack/react-query'
import type { User } from '@dvokrok/client'
import { client } from '../client.ts'

/** Fetches the account and updates the session's copy of it. */
export async function fetchMe (): Promise<User> {
  return (await client.api.GET('/auth/me')).data.user
}

/** Refetches when the window regains the focus, so that a session ended elsewhere is noticed at once. */
export const useMe = (user: User) =>
  useQuery({ queryKey: ['me', user.id], queryFn: fetchMe, initialData: user, refetchOnWindowFocus: 'always' })
