import { useQueryClient } from '@tanstack/react-query'
import { toast } from '../../app/toasts.tsx'
import { type Action, useAction } from '../../ui/use-action.ts'
import { useReauthentication } from './reauthentication.tsx'

/** Changes the account, after a reauthentication if required. Shows the message `work` resolves with and refetches all queries. */
export function useAccountChange<Args extends unknown[]> (name: string, work: (...args: Args) => Promise<string>): Action<Args> {
  const withReauthentication = useReauthentication()
  const queries = useQueryClient()
  return useAction(name, async (...args: Args) => {
    toast(await withReauthentication(async () => await work(...args)))
    await queries.invalidateQueries()
  })
}
