import { useQuery } from '@tanstack/react-query'
import { bodyOf, authenticatedApi, type User } from '../api/client.ts'
import { updateUser } from '../session/store.ts'

/** The account as it is now, for every page. */
export async function fetchMe (): Promise<User> {
  const { user } = await bodyOf(authenticatedApi.GET('/auth/me'))
  updateUser(user)
  return user
}

/** Asked again when the page is looked at again: a session that was ended elsewhere is told at once. */
export const useMe = (user: User) => useQuery({ queryKey: ['me', user.id], queryFn: fetchMe, initialData: user, refetchOnWindowFocus: 'always' })
