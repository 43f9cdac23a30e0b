import { useQuery } from '@tanstack/react-query'
import { bodyOf, signed, type User } from '../api/client.ts'
import { updateUser } from '../session/store.ts'

/** The account as it is now, for every page. */
export async function lookAtMe (): Promise<User> {
  const { user } = await bodyOf(signed.GET('/auth/me'))
  updateUser(user)
  return user
}

/** Asked again when the page is looked at again: a session that was ended elsewhere is told at once. */
export const useMe = (user: User) => useQuery({ queryKey: ['me', user.id], queryFn: lookAtMe, initialData: user, refetchOnWindowFocus: 'always' })
