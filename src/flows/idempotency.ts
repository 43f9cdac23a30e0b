import { invalidField } from '../errors.ts'
import type { IdempotencyClaim, IdempotencyStore, Outcome } from '../records/idempotency/idempotency-store.ts'
import type { Requester } from './requester.ts'

/** Whose state a request changes, and what its key is bound to: the challenge or the session; the address where there is neither yet. */
export interface RepetitionScope { owner: { accountId: string } | { addressTag: string }, binding: string }

/**
 * Runs `act` once per `Idempotency-Key`; the same request again is answered by `repeat`, from the outcome that was kept
 * (draft-ietf-httpapi-idempotency-key-header). Without a key `act` gets no claim and runs each time.
 * @throws Problem CONFLICT, VALIDATION_FAILED, or the refusal of the time before
 */
export type RunOnce = <Result>(
  requester: Requester, scope: RepetitionScope,
  act: (claim: IdempotencyClaim | undefined) => Promise<Result>, repeat: (outcome: Outcome) => Promise<Result>
) => Promise<Result>

export function createRunOnce (idempotency: IdempotencyStore): RunOnce {
  return async ({ repetition }, scope, act, repeat) => {
    if (!repetition) return await act(undefined)
    const begun = await idempotency.begin({ ...scope, ...repetition }, () => invalidField('/idempotency-key'))
    if ('outcome' in begun) return await repeat(begun.outcome)

    const { claim } = begun
    try {
      const result = await act(claim)
      // The change is made. Should this write be lost, the claim expires by itself.
      await claim.succeed().catch(() => {})
      return result
    } catch (error) {
      await claim.fail(error).catch(() => {})
      throw error
    }
  }
}
