import { useQuery } from '@tanstack/react-query'
import { bodyOf, authenticatedApi, type User } from '../api/client.ts'
import { updateUser } from '../session/store.ts'

/** Fetches the account and updates the session's copy of it. */
export async function fetchMe (): Promise<User> {
  const { user } = await bodyOf(authenticatedApi.GET('/auth/me'))
  updateUser(user)
  return user
}

/** Refetches when the window regains the focus, so that a session ended elsewhere is noticed at once. */
export const useMe = (user: User) =>
  useQuery({ queryKey: ['me', user.id], queryFn: fetchMe, initialData: user, refetchOnWindowFocus: 'always' })
