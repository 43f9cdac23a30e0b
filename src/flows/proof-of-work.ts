import { Problem } from '../errors.ts'
import type { Captcha } from '../records/throttling/captcha.ts'
import type { Hammered, PressureStore } from '../records/throttling/throttling-store.ts'

export interface ProofOfWorkRequest extends Hammered {
  /** The solution that came with the request. */
  captcha: string | undefined
  /** Asked for nothing, such as a browser that the account knows. */
  isExempt?: boolean
}

/**
 * Lets a request pass while neither its address nor its source is hammered, else asks for a proof of work (ALTCHA, self-hosted): that
 * slows machines down and locks no owner out. True when one was given and taken: whoever solves it always gets through.
 * @throws Problem CAPTCHA_REQUIRED with the challenge
 */
export type RequireProofOfWork = (request: ProofOfWorkRequest) => Promise<boolean>

interface Parts {
  captcha: Captcha
  pressure: PressureStore
  /** Failures or mails in an hour from which on it is asked; 0 = never. Many people may share a source, and nobody an address. */
  after: { address: number, source: number }
}

export function createRequireProofOfWork ({ captcha, pressure, after }: Parts): RequireProofOfWork {
  const share = (count: number, limit: number): number => limit === 0 ? 0 : count / limit

  return async ({ captcha: solution, isExempt = false, ...hammered }) => {
    if (after.address === 0 || isExempt) return false
    const { onAddress, onSource } = await pressure.find(hammered)
    const scope = { ...hammered, pressure: Math.max(share(onAddress, after.address), share(onSource, after.source)) }
    if (solution !== undefined) {
      const nonce = await captcha.verify(solution, scope)
      if (nonce !== null && await pressure.takeNonce(nonce)) return true
    }
    if (scope.pressure < 1) return false
    throw new Problem('CAPTCHA_REQUIRED', { captcha: await captcha.challenge(scope) })
  }
}
