import { Problem } from '../errors.ts'
import type { Captcha } from '../records/throttling/captcha.ts'
import type { PressureStore } from '../records/throttling/throttling-store.ts'

export interface ProofOfWorkRequest {
  addressTag: string
  source: string
  /** The solution that came with the request. */
  captcha: string | undefined
  /** A browser that the account knows. */
  isExempt?: boolean
}

/**
 * Lets a request pass while neither its address nor its source is hammered, else asks for a proof of work (ALTCHA, self-hosted): that
 * slows machines down and locks no owner out. True when one was given and taken: whoever solves it always gets through.
 * @throws Problem CAPTCHA_REQUIRED with the challenge
 */
export type RequireProofOfWork = (request: ProofOfWorkRequest) => Promise<boolean>

/** `after`: failures or mails in an hour from which on it is asked; 0 = never. */
export function createRequireProofOfWork (
  { captcha, pressure, after }: { captcha: Captcha, pressure: PressureStore, after: number }
): RequireProofOfWork {
  return async ({ addressTag, source, captcha: solution, isExempt = false }) => {
    if (after === 0 || isExempt) return false
    if (solution !== undefined) {
      const nonce = await captcha.verify(solution)
      if (nonce !== null && await pressure.takeNonce(nonce)) return true
    }
    const count = await pressure.find(addressTag, source)
    if (count < after) return false
    throw new Problem('CAPTCHA_REQUIRED', { captcha: await captcha.challenge(count / after) })
  }
}
