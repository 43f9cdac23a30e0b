import { useQueryClient } from '@tanstack/react-query'
import { toast } from '../../app/toasts.tsx'
import { type Action, useAction } from '../../ui/use-action.ts'
import { useProof } from './proof.tsx'

/** A change of the account, with a recent proof where it needs one. Says what `work` resolves with, and asks anew for all that is shown. */
export function useChange<Args extends unknown[]> (name: string, work: (...args: Args) => Promise<string>): Action<Args> {
  const withProof = useProof()
  const queries = useQueryClient()
  return useAction(name, async (...args: Args) => {
    toast(await withProof(async () => await work(...args)))
    await queries.invalidateQueries()
  })
}
