import { useQueryClient } from '@tanstack/react-query'
import { toast } from '../../app/toasts.tsx'
import { type Action, useAction } from '../../ui/use-action.ts'
import { useReauthentication } from './reauthentication.tsx'

/** A change of the account, with a recent proof where it needs one. Says what `work` resolves with, and asks anew for all that is shown. */
export function useAccountChange<Args extends unknown[]> (name: string, work: (...args: Args) => Promise<string>): Action<Args> {
  const withReauthentication = useReauthentication()
  const queries = useQueryClient()
  return useAction(name, async (...args: Args) => {
    toast(await withReauthentication(async () => await work(...args)))
    await queries.invalidateQueries()
  })
}
